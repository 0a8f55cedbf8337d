namespace AlexNetTF.Testing;

/// <summary>A folder of its own under the system's temporary one, removed on disposal.</summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>Creates the folder.</summary>
    public TempFolder() => Path = Directory.CreateTempSubdirectory("alexnet-test-").FullName;

    /// <summary>The folder's path.</summary>
    public string Path { get; }

    /// <summary>The path of a name in the folder; folders on the way are created.</summary>
    public string this[string name]
    {
        get
        {
            string path = System.IO.Path.Combine(Path, name);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            return path;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
