using System.Collections;
using AlexNetTF.LabelFiles;

namespace AlexNetTF;

/// <summary>
/// The names of a network's classes in the order of its outputs. Names may repeat: ImageNet has two classes called crane.
/// </summary>
public sealed class Labels : IReadOnlyList<string>
{
    private static readonly Lazy<Labels> BuiltIn = new(ReadBuiltIn);
    private readonly string[] names;

    /// <summary>Names given by a program.</summary>
    /// <param name="names">One name per class, in the order of the network's outputs.</param>
    /// <exception cref="AlexNetException">There is no name, or one is empty.</exception>
    public Labels(IEnumerable<string> names)
        : this([.. names], null)
    {
    }

    internal Labels(string[] names, string[]? synsets)
    {
        if (names.Length == 0)
            throw new AlexNetException("Labels need at least one name.");
        int empty = Array.FindIndex(names, string.IsNullOrWhiteSpace);
        if (empty >= 0)
            throw new AlexNetException($"Label {empty} of {names.Length} is empty; every class needs a name.");
        this.names = names;
        Synsets = synsets;
    }

    /// <summary>The 1,000 classes of ImageNet's challenge (ILSVRC 2012), in the usual order: 0 is "tench, Tinca tinca".</summary>
    public static Labels ImageNet => BuiltIn.Value;

    /// <summary>The WordNet identifiers (<c>n01440764</c>) of the classes where the file had them, else null.</summary>
    public IReadOnlyList<string>? Synsets { get; }

    /// <summary>How many classes there are.</summary>
    public int Count => names.Length;

    /// <summary>The name of a class.</summary>
    /// <param name="index">The class, from 0.</param>
    public string this[int index] => names[index];

    /// <summary>
    /// Reads names from a file, whose kind is found from its content: one name a line; a synset file, lines of
    /// <c>n01440764 tench, Tinca tinca</c>; or a Python or JSON literal: a list of names, a dictionary from class number to
    /// name or from name to number, or a string of lines (<c>class_names = '''…'''.split("\n")</c>).
    /// </summary>
    /// <param name="path">The file, UTF-8.</param>
    /// <exception cref="LabelFileException">The file is no such file; the message names file and line.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static Labels Load(string path) => LabelFile.Read(path);

    /// <summary>The names in order.</summary>
    public IEnumerator<string> GetEnumerator() => ((IEnumerable<string>)names).GetEnumerator();

    /// <summary>The names in order.</summary>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static Labels ReadBuiltIn()
    {
        using Stream stream = typeof(Labels).Assembly.GetManifestResourceStream("imagenet-labels.txt")!;
        using var reader = new StreamReader(stream);
        return LabelFile.Parse(reader.ReadToEnd(), "ImageNet's labels");
    }
}

/// <summary>A label file is not what it should be. The message names file, line, what is wrong and the remedy.</summary>
public sealed class LabelFileException : FileFormatException
{
    internal LabelFileException(string path, int line, string problem)
        : base($"{path}:{line}", problem) => Line = line;

    /// <summary>The line, from 1.</summary>
    public int Line { get; }
}
