"""What only the container image needs: its health check, and which modules get their bytecode beforehand."""
