"""What is true: values and rules, without Qt, SQL, PDF, images, network or clock."""
