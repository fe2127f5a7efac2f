"""Read annual reports on government information (政府信息公开工作年度报告) into a dataset."""
