namespace AlexNetTF;

/// <summary>A checkpoint was asked for something that it does not have, or given something that it cannot hold.</summary>
public class CheckpointException : AlexNetException
{
    /// <summary>Creates the error with its message.</summary>
    public CheckpointException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with its message and the error that led to it.</summary>
    public CheckpointException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    /// <summary>Creates the error with a general message.</summary>
    public CheckpointException()
        : base("The checkpoint cannot be read or written.")
    {
    }
}
