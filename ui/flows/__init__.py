"""What happens when an officer asks for something: from the question to the job to what is then shown."""
