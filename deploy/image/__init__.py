"""What only the container image needs: its health check, and the name it goes by."""
