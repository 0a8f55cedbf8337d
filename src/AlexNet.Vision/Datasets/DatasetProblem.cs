namespace AlexNetTF;

/// <summary>The kinds of problems that a data set can have.</summary>
public enum DatasetProblemKind
{
    /// <summary>A picture, the list or the folder is not there.</summary>
    MissingFile,

    /// <summary>A file is there but cannot be read, or is no picture or a damaged one.</summary>
    UnreadableFile,

    /// <summary>A line is not a path followed by a label.</summary>
    UnparsableLine,

    /// <summary>A label is neither a class number nor one of the class names.</summary>
    UnknownLabel,

    /// <summary>A class number is negative, or not below the number of classes.</summary>
    LabelOutOfRange,

    /// <summary>No picture shows a class, or there is no picture at all.</summary>
    EmptyClass,
}

/// <summary>One thing that is wrong with a data set.</summary>
/// <param name="Kind">The kind, for programs.</param>
/// <param name="File">The file that it is about: the list where there is one, else the picture or folder.</param>
/// <param name="Line">The list's line, from 1; null where no line is meant.</param>
/// <param name="Text">What is wrong, with the picture's path and both values.</param>
/// <param name="Remedy">What helps.</param>
public sealed record DatasetProblem(DatasetProblemKind Kind, string File, int? Line, string Text, string Remedy)
{
    /// <summary><c>file:line: text Remedy</c>.</summary>
    public override string ToString() => $"{File}{(Line is { } line ? $":{line}" : "")}: {Text} {Remedy}".TrimEnd();
}

/// <summary>A data set cannot be used. All problems that its check found are reported together.</summary>
public sealed class DatasetException : AlexNetException
{
    private const int MostInMessage = 100;

    /// <summary>Creates the error.</summary>
    /// <param name="name">The data set: its list or folder.</param>
    /// <param name="problems">All that is wrong.</param>
    /// <param name="inner">The error that led to it, if any.</param>
    public DatasetException(string name, IReadOnlyList<DatasetProblem> problems, Exception? inner = null)
        : base(Describe(name, problems), inner) => Problems = problems;

    /// <summary>All problems; the message shows the first hundred.</summary>
    public IReadOnlyList<DatasetProblem> Problems { get; }

    private static string Describe(string name, IReadOnlyList<DatasetProblem> problems)
    {
        if (problems is [var only])
            return only.ToString();
        IEnumerable<string> lines = problems.Take(MostInMessage).Select(problem => problem.ToString());
        string rest = problems.Count > MostInMessage ? $"\n  and {problems.Count - MostInMessage:N0} more" : "";
        return $"The data set {name} has {problems.Count:N0} problems:\n  {string.Join("\n  ", lines)}{rest}";
    }
}
