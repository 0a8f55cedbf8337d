using System.Runtime.InteropServices;
using System.Text;

namespace AlexNetTF.TensorFlow;

/// <summary>A native library that was found, is new enough and has every function that is called.</summary>
internal sealed unsafe record LoadedLibrary(nint Handle, string File, string Version)
{
    private static readonly Version Oldest = new(2, 4);

    // One of each kind of function that is called; a library that has these has the whole C API of its version.
    private static readonly string[] Functions = ["TF_Version", "TF_NewGraph", "TF_NewOperation", "TF_SessionRun", "TF_AllocateTensor", "TF_GraphGetOpDef", "TF_SessionListDevices", "TF_NewServer"];

    /// <summary>Loads the first candidate that serves.</summary>
    /// <param name="candidates">The files in the order in which to try them.</param>
    /// <param name="oneDnn">Whether it may use oneDNN, where the environment does not say.</param>
    /// <param name="problem">What was tried and what to do, where none serves.</param>
    public static LoadedLibrary? Load(IReadOnlyList<LibraryCandidate> candidates, bool oneDnn, out string problem)
    {
        // TensorFlow reports its own start on standard error; errors stay.
        NativeEnvironment.SetDefault("TF_CPP_MIN_LOG_LEVEL", "2");
        NativeEnvironment.SetDefault("TF_ENABLE_ONEDNN_OPTS", oneDnn ? "1" : "0");
        var tried = new StringBuilder();
        foreach (IGrouping<string, LibraryCandidate> place in candidates.GroupBy(candidate => candidate.Source))
        {
            foreach (LibraryCandidate candidate in place)
            {
                if (Try(candidate, out string failure) is { } library)
                {
                    problem = "";
                    return library;
                }

                tried.AppendLine().Append("  ").Append(place.Key).Append(": ").Append(candidate.File).Append(": ").Append(failure);
            }
        }

        problem = $"TensorFlow's native library (2.4 or later) is not available. Tried:{tried}{Environment.NewLine}{Remedy}";
        return null;
    }

    private static string Remedy =>
        "It comes with the NuGet package SciSharp.TensorFlow.Redist (for a GPU SciSharp.TensorFlow.Redist-Windows-GPU or -Linux-GPU), "
        + "the official archive libtensorflow, or the Python package tensorflow (its folder 'tensorflow'). "
        + $"Reference the package, or name the file or its folder in TensorFlowLibrary.Path or the environment variable {LibrarySearch.Variable}.";

    private static LoadedLibrary? Try(LibraryCandidate candidate, out string failure)
    {
        if (!candidate.IsBareName && !System.IO.File.Exists(candidate.File))
        {
            failure = "no such file";
            return null;
        }

        if (!candidate.IsBareName) LoadFramework(candidate.File);
        if (!TryLoad(candidate.File, out nint handle, out failure)) return null;
        foreach (string function in Functions)
        {
            if (NativeLibrary.TryGetExport(handle, function, out _)) continue;
            failure = $"it has no function {function}, so it is no TensorFlow C library of version {Oldest} or later";
            NativeLibrary.Free(handle);
            return null;
        }

        string version = Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)NativeLibrary.GetExport(handle, "TF_Version"))()) ?? "";
        if (IsNewEnough(version)) return new LoadedLibrary(handle, candidate.File, version);
        failure = $"its version is {version}; {Oldest} or later is needed";
        return null;
    }

    /// <summary>Whether a version such as <c>2.10.0-rc1</c> is one that this engine works with.</summary>
    internal static bool IsNewEnough(string version)
    {
        string[] parts = version.Split('.', '-', '+');
        return parts.Length >= 2 && int.TryParse(parts[0], out int major) && int.TryParse(parts[1], out int minor) && new Version(major, minor) >= Oldest;
    }

    private static bool TryLoad(string file, out nint handle, out string failure)
    {
        try
        {
            handle = NativeLibrary.Load(file);
            failure = "";
            return true;
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            handle = 0;
            failure = error.Message.ReplaceLineEndings(" ").Trim();
            return false;
        }
    }

    // The library asks for it by name, which succeeds where one of that name is loaded already, whatever the search path.
    private static void LoadFramework(string file)
    {
        string folder = Path.GetDirectoryName(file)!;
        foreach (string name in LibrarySearch.FrameworkNames)
        {
            string framework = Path.Combine(folder, name);
            if (System.IO.File.Exists(framework) && TryLoad(framework, out _, out _)) return;
        }
    }
}
