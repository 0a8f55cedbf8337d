using AlexNetTF.Datasets;

namespace AlexNetTF;

/// <summary>Pictures with their classes, checked as a whole before anything is computed.</summary>
public sealed partial class ImageDataset
{
    // Apart from the streams of orders and augmentations.
    private const long SplitStream = 1L << 41;

    private readonly string name;
    private readonly DatasetItem[] items;
    private readonly int[] counts;

    internal ImageDataset(string name, DatasetItem[] items, Labels labels)
    {
        (this.name, this.items, Labels) = (name, items, labels);
        counts = new int[labels.Count];
        foreach (DatasetItem item in items)
            counts[item.Label]++;
    }

    /// <summary>The pictures, in the list's order, or that of the folders.</summary>
    public IReadOnlyList<DatasetItem> Items => items;

    /// <summary>The names of the classes; their numbers where a list was read without names.</summary>
    public Labels Labels { get; }

    /// <summary>The number of classes.</summary>
    public int Classes => Labels.Count;

    /// <summary>The number of pictures.</summary>
    public int Count => items.Length;

    /// <summary>The number of pictures of a class.</summary>
    /// <param name="label">The class, from 0.</param>
    public int CountOf(int label) => counts[label];

    /// <summary>
    /// Reads the article's text file: in each line a path and a label, separated by the last white space, so that paths may hold
    /// blanks; either may stand in double quotes. Blank lines, and lines that start with #, are left out.
    /// </summary>
    /// <param name="path">The list, UTF-8. Paths in it are relative to its folder, or else to the working folder.</param>
    /// <param name="classes">The number of classes; null: that of <paramref name="labels"/>, or one more than the largest number in the list.</param>
    /// <param name="labels">The names of the classes; with them a label may be a name. A name wins over a number that reads the same.</param>
    /// <param name="allowEmptyClasses">Whether a class may be without pictures, as in a small validation list.</param>
    /// <param name="decodeAll">Whether every picture is decoded once to see that it can be; if not, a damaged one is found only when its batch is read.</param>
    /// <exception cref="DatasetException">Something is wrong; all problems are named together.</exception>
    /// <exception cref="AlexNetException">The number of classes is not that of the labels, or out of range.</exception>
    public static ImageDataset FromList(string path, int? classes = null, Labels? labels = null, bool allowEmptyClasses = false, bool decodeAll = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return DatasetList.Read(path, classes, labels, allowEmptyClasses, decodeAll);
    }

    /// <summary>Reads a folder that holds one folder of pictures per class; pictures below it belong to the class too.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="labels">The classes in their order, such as another data set's; null: the folders' names in ordinal order.</param>
    /// <param name="allowEmptyClasses">Whether a class may be without pictures.</param>
    /// <param name="decodeAll">Whether every picture is decoded once to see that it can be; if not, a damaged one is found only when its batch is read.</param>
    /// <exception cref="DatasetException">Something is wrong; all problems are named together.</exception>
    public static ImageDataset FromFolders(string folder, Labels? labels = null, bool allowEmptyClasses = false, bool decodeAll = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return DatasetFolders.Read(folder, labels, allowEmptyClasses, decodeAll);
    }

    /// <summary>
    /// Splits off a share for validation, the same share of every class (rounded; at least one picture of a class stays on
    /// each side where it has two or more). Both parts keep the order of the pictures and all classes.
    /// </summary>
    /// <param name="validationShare">The share, above 0 and below 1.</param>
    /// <param name="seed">Decides which pictures.</param>
    /// <exception cref="AlexNetException">The share is out of range.</exception>
    public (ImageDataset Train, ImageDataset Validation) Split(double validationShare, long seed = 0)
    {
        if (!(validationShare is > 0 and < 1))
            throw new AlexNetException($"A validation share of {validationShare} is impossible; it must be above 0 and below 1, such as 0.2.");
        bool[] validates = new bool[items.Length];
        foreach (IGrouping<int, int> members in Enumerable.Range(0, items.Length).GroupBy(i => items[i].Label))
        {
            int[] order = [.. members];
            new SeededRandom(seed, SplitStream, members.Key).Shuffle(order);
            int count = order.Length < 2 ? 0 : Math.Clamp((int)Math.Round(order.Length * validationShare), 1, order.Length - 1);
            foreach (int i in order.AsSpan(0, count))
                validates[i] = true;
        }

        return (Where(false), Where(true));

        ImageDataset Where(bool validation) => new(name, [.. items.Where((_, i) => validates[i] == validation)], Labels);
    }
}
