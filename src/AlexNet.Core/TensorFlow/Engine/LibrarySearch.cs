using System.Runtime.InteropServices;

namespace AlexNetTF.TensorFlow;

/// <summary>Where TensorFlow's native library may lie, in the order in which the places are tried.</summary>
internal static class LibrarySearch
{
    public const string Variable = "ALEXNET_LIBTENSORFLOW";

    /// <summary>The names that TensorFlow's packages give the library here: C# packages and C archive, Python wheel.</summary>
    public static IReadOnlyList<string> FileNames { get; } = OperatingSystem.IsWindows()
        ? ["tensorflow.dll"]
        : OperatingSystem.IsMacOS()
            ? ["libtensorflow.dylib", "libtensorflow.2.dylib", "libtensorflow_cc.2.dylib", "libtensorflow_cc.dylib"]
            : ["libtensorflow.so", "libtensorflow.so.2", "libtensorflow_cc.so.2", "libtensorflow_cc.so"];

    /// <summary>The library that the others need, which lies beside them. Windows has none.</summary>
    public static IReadOnlyList<string> FrameworkNames { get; } = OperatingSystem.IsWindows()
        ? []
        : OperatingSystem.IsMacOS()
            ? ["libtensorflow_framework.2.dylib", "libtensorflow_framework.dylib"]
            : ["libtensorflow_framework.so.2", "libtensorflow_framework.so"];

    /// <summary>
    /// The files to try. A place that the user named is the only one: another library than the one asked for would be a
    /// surprise. A bare name stands for the system's search path.
    /// </summary>
    /// <param name="path"><see cref="TensorFlowLibrary.Path"/>.</param>
    /// <param name="variable">The environment variable's value.</param>
    public static IReadOnlyList<LibraryCandidate> Candidates(string? path, string? variable)
    {
        if (!string.IsNullOrEmpty(path)) return [.. Named(path, "TensorFlowLibrary.Path")];
        if (!string.IsNullOrEmpty(variable)) return [.. Named(variable, Variable)];
        return
        [
            .. ApplicationFolders().SelectMany(folder => FileNames.Select(name => new LibraryCandidate(Path.Combine(folder, name), "the application's native folder"))),
            .. FileNames.Select(name => new LibraryCandidate(name, "the system's search path")),
        ];
    }

    private static IEnumerable<LibraryCandidate> Named(string path, string source) => Directory.Exists(path)
        ? FileNames.Select(name => new LibraryCandidate(Path.GetFullPath(Path.Combine(path, name)), source))
        : [new LibraryCandidate(Path.GetFullPath(path), source)];

    private static IEnumerable<string> ApplicationFolders()
    {
        string application = AppContext.BaseDirectory;
        string natives = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        return natives.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(application)
            .Append(Path.Combine(application, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"))
            .Append(Path.Combine(application, "runtimes", PortableIdentifier, "native"))
            .Select(Path.GetFullPath)
            .Distinct();
    }

    private static string PortableIdentifier
    {
        get
        {
            string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
            string processor = RuntimeInformation.ProcessArchitecture switch
            {
                Architecture.Arm64 => "arm64",
                Architecture.X86 => "x86",
                _ => "x64",
            };
            return $"{system}-{processor}";
        }
    }
}

/// <summary>A file to try.</summary>
/// <param name="File">The path, or a bare name for the system's search path.</param>
/// <param name="Source">Which rule named it.</param>
internal sealed record LibraryCandidate(string File, string Source)
{
    /// <summary>Whether the system is asked for the name.</summary>
    public bool IsBareName => !Path.IsPathRooted(File);
}
