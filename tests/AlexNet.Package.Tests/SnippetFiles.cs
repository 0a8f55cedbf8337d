using AlexNetTF.Testing;

namespace AlexNetTF.Package.Tests;

/// <summary>What a README snippet finds in its working folder.</summary>
internal static class SnippetFiles
{
    /// <summary>Puts a file or folder there, unless an earlier snippet did.</summary>
    /// <param name="folder">The working folder.</param>
    /// <param name="name">A .npy file (weights by the recipe; in cache/alexnet-tf as if fetched before), a photograph, or a folder of pictures, one folder a class.</param>
    public static void Put(string folder, string name)
    {
        string target = Path.Combine(folder, name);
        if (Path.Exists(target))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        if (name.EndsWith(".npy", StringComparison.Ordinal))
            RecipeWeights.WriteNpy(target);
        else if (name.EndsWith(".jpeg", StringComparison.Ordinal))
            File.Copy(Path.Combine(Golden.Repository, "samples", "images", name), target);
        else if (name.EndsWith('/'))
            PutPictures(target, perClass: 3);
        else
            Assert.Fail($"No snippet file is known by the name {name}.");
    }

    private static void PutPictures(string target, int perClass)
    {
        string source = Path.Combine(Golden.Repository, "samples", "demo", "fashion", "train");
        foreach (string folder in Directory.EnumerateDirectories(source))
        {
            string here = Directory.CreateDirectory(Path.Combine(target, Path.GetFileName(folder))).FullName;
            foreach (string picture in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Take(perClass))
                File.Copy(picture, Path.Combine(here, Path.GetFileName(picture)));
        }
    }
}
