"""What authors define: solids, pipelines, repositories and their parts."""
