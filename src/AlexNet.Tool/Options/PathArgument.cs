namespace AlexNetTF.Tool;

/// <summary>The argument PATH: pictures, folders, patterns, lists, standard input.</summary>
internal static class PathArgument
{
    public const string Description = "A picture, a folder, a pattern ('*.jpg'), @list.txt, or - for standard input.";

    /// <summary>The pictures that the words stand for, without those that a resumed file has.</summary>
    public static IReadOnlyList<ImageSource> Expand(string[] words, ResumeFile? resumed) =>
        [.. PathSet.Expand(words).Where(picture => resumed?.Has(picture.Name) != true)];

    /// <summary>The file in a folder that belongs to a picture; pictures of one name in several folders get numbers.</summary>
    public static string OutputFor(string folder, string picture, string extension)
    {
        string name = picture == "-" ? "standard-input" : Path.GetFileNameWithoutExtension(picture);
        string path = Path.Combine(folder, name + extension);
        for (int i = 1; File.Exists(path); i++) path = Path.Combine(folder, $"{name}-{i}{extension}");
        return path;
    }
}
