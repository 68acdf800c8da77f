"""The gate through which parsed values pass: item rules as pandera schemas."""
