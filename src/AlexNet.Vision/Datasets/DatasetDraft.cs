using AlexNetTF.Imaging;

namespace AlexNetTF.Datasets;

/// <summary>A data set while it is read and checked: examples with where they are named, and what is wrong so far.</summary>
/// <param name="name">The list or folder.</param>
internal sealed class DatasetDraft(string name)
{
    private readonly List<Example> examples = [];
    private readonly List<DatasetProblem> problems = [];
    private readonly HashSet<int> seen = [];

    /// <summary>The largest class number that was named; −1 where there is none.</summary>
    internal int LargestLabel => seen.Count == 0 ? -1 : seen.Max();

    internal void Report(DatasetProblemKind kind, string file, int? line, string text, string remedy = "") =>
        problems.Add(new(kind, file, line, text, remedy));

    /// <summary>Notes a label that counts although its picture may be missing, so that one mistake is not reported twice.</summary>
    internal void See(int label) => seen.Add(label);

    internal void Add(string path, int label, int? line)
    {
        See(label);
        examples.Add(new(path, label, line));
    }

    /// <summary>Reports the classes without any picture, neighbours together.</summary>
    internal void RequireEveryClass(int classes, Labels? labels, string remedy)
    {
        int from = 0;
        foreach (int label in seen.Where(label => label < classes).Order().Append(classes))
        {
            if (label - from == 1)
                Report(DatasetProblemKind.EmptyClass, name, null, $"class {from}{Named(labels, from)} has no picture.", remedy);
            else if (label > from)
                Report(DatasetProblemKind.EmptyClass, name, null, $"classes {from}{Named(labels, from)} to {label - 1}{Named(labels, label - 1)} have no picture.", remedy);
            from = label + 1;
        }
    }

    /// <summary>Decodes every picture, several at a time, and reports those that cannot be used.</summary>
    internal void RequireReadable()
    {
        IGrouping<string, Example>[] files = [.. examples.GroupBy(example => example.Path, StringComparer.Ordinal)];
        var errors = new Exception?[files.Length];
        Parallel.For(0, files.Length, i => errors[i] = ReadingError(files[i].Key));
        for (int i = 0; i < files.Length; i++)
        {
            if (errors[i] is { } error)
            {
                Example first = files[i].First();
                Report(DatasetProblemKind.UnreadableFile, first.Line is null ? first.Path : name, first.Line, Text(error, first), "Replace the picture or remove it from the data set.");
            }
        }
    }

    /// <summary>The data set, or the error with all problems in the order of the lines.</summary>
    internal ImageDataset Finish(Labels labels)
    {
        if (examples.Count == 0 && problems.Count == 0)
            Report(DatasetProblemKind.EmptyClass, name, null, "the data set holds no picture.", "Name at least one.");
        if (problems.Count > 0)
            throw new DatasetException(name, [.. problems.OrderBy(problem => problem.Line ?? int.MaxValue)]);
        return new(name, [.. examples.Select(example => new DatasetItem(example.Path, example.Label))], labels);
    }

    private static Exception? ReadingError(string path)
    {
        try
        {
            ImageSource.FromFile(path).Decode(autoOrient: false, ImageLimits.Default).Dispose();
            return null;
        }
        catch (Exception error) when (error is AlexNetException or IOException or UnauthorizedAccessException)
        {
            return error;
        }
    }

    // The line's list is named already, so the message must name the picture.
    private static string Text(Exception error, Example example)
    {
        string prefix = example.Path + ": ";
        string text = error.Message.StartsWith(prefix, StringComparison.Ordinal) ? error.Message[prefix.Length..] : error.Message;
        return example.Line is null ? text : prefix + text;
    }

    private static string Named(Labels? labels, int label) => labels is not null && label < labels.Count ? $" ({labels[label]})" : "";

    private readonly record struct Example(string Path, int Label, int? Line);
}
