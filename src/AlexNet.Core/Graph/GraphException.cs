namespace AlexNetTF;

/// <summary>
/// A graph cannot be built as asked: shapes or types that do not fit, a name that is taken or not allowed, a variable
/// that exists or does not. TensorFlow raises ValueError or TypeError in these places.
/// </summary>
public class GraphException : AlexNetException
{
    /// <summary>Creates the error with its message.</summary>
    public GraphException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with its message and the error that led to it.</summary>
    public GraphException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}

/// <summary>A node's name is taken.</summary>
internal sealed class NameTakenException(string name) : GraphException($"The graph already has an operation '{name}'.");

/// <summary>What kind of error a run ended with, in TensorFlow's terms.</summary>
public enum RunErrorCode
{
    /// <summary>A value, shape or missing feed makes an op fail.</summary>
    InvalidArgument = 3,

    /// <summary>Something asked for by name is not there.</summary>
    NotFound = 5,

    /// <summary>Memory or another resource ran out.</summary>
    ResourceExhausted = 8,

    /// <summary>A variable is read before it has a value.</summary>
    FailedPrecondition = 9,

    /// <summary>The other side of a cluster gave up the run; try again.</summary>
    Aborted = 10,

    /// <summary>A value lies outside its range.</summary>
    OutOfRange = 11,

    /// <summary>The engine cannot run this op or this form of it.</summary>
    Unimplemented = 12,

    /// <summary>The engine itself failed.</summary>
    Internal = 13,

    /// <summary>A server of a cluster does not answer; try again later.</summary>
    Unavailable = 14,

    /// <summary>Stored data are damaged.</summary>
    DataLoss = 15,
}

/// <summary>An op failed while a session ran it, or a run could not be planned.</summary>
public class RunException : AlexNetException
{
    /// <summary>Creates the error with its kind and message.</summary>
    public RunException(RunErrorCode code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>The kind of error.</summary>
    public RunErrorCode Code { get; }
}
