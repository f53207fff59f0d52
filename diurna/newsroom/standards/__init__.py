"""What the newsroom says of itself: questions, what they answer to, and the pages made of them."""
