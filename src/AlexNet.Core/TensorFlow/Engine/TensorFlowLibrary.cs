using System.Reflection;
using System.Runtime.InteropServices;
using AlexNetTF.TensorFlow;

namespace AlexNetTF;

/// <summary>
/// TensorFlow's native library, which <see cref="Engine.TensorFlow"/> needs: where it is, its version, its devices. It is
/// looked for once per process: at <see cref="Path"/>, at the environment variable <c>ALEXNET_LIBTENSORFLOW</c> (a file or
/// its folder), in the application's native folder, on the system's search path.
/// </summary>
public static class TensorFlowLibrary
{
    private static readonly Lock Gate = new();
    private static LoadedLibrary? loaded;
    private static string? path;
    private static bool usesOneDnn;

    /// <summary>The library's file or its folder; null to look for it. Set it before the engine is first used.</summary>
    /// <exception cref="AlexNetException">Another library is loaded already.</exception>
    public static string? Path
    {
        get => path;
        set
        {
            lock (Gate)
            {
                if (loaded is not null && value != path) throw new AlexNetException($"TensorFlow's library {loaded.File} is loaded already; set TensorFlowLibrary.Path before the engine is first used.");
                path = value;
            }
        }
    }

    /// <summary>
    /// Whether TensorFlow may compute on the CPU with oneDNN's kernels instead of its own. False unless set: its own give the
    /// numbers of TensorFlow 1.x, while with oneDNN TensorFlow 2.21 now and then ends the process in a grouped convolution and
    /// gives wrong shapes for empty batches; it is faster, though. Set it before the engine is first used. Where the environment
    /// variable <c>TF_ENABLE_ONEDNN_OPTS</c> is set, that decides.
    /// </summary>
    /// <exception cref="AlexNetException">The library is loaded already, with the other choice.</exception>
    public static bool UsesOneDnn
    {
        get => usesOneDnn;
        set
        {
            lock (Gate)
            {
                if (loaded is not null && value != usesOneDnn) throw new AlexNetException($"TensorFlow's library {loaded.File} is loaded already; set TensorFlowLibrary.UsesOneDnn before the engine is first used.");
                usesOneDnn = value;
            }
        }
    }

    /// <summary>The library's version, such as <c>2.10.0</c>.</summary>
    /// <exception cref="AlexNetException">The library is not available; the message says what was tried and what to do.</exception>
    public static string Version => Require().Version;

    /// <summary>The file that was loaded.</summary>
    /// <exception cref="AlexNetException">The library is not available; the message says what was tried and what to do.</exception>
    public static string File => Require().File;

    /// <summary>Whether the library can be used.</summary>
    /// <param name="problem">If not: what was tried, and which package brings it. Otherwise empty.</param>
    public static bool IsAvailable(out string problem)
    {
        lock (Gate)
        {
            if (loaded is not null)
            {
                problem = "";
                return true;
            }

            IReadOnlyList<LibraryCandidate> candidates = LibrarySearch.Candidates(path, Environment.GetEnvironmentVariable(LibrarySearch.Variable));
            if (LoadedLibrary.Load(candidates, usesOneDnn, out problem) is not { } library) return false;
            NativeLibrary.SetDllImportResolver(typeof(TensorFlowLibrary).Assembly, Resolve);
            loaded = library;
            return true;
        }
    }

    /// <summary>The devices that TensorFlow sees on this machine, with their memory.</summary>
    /// <exception cref="AlexNetException">The library is not available, or TensorFlow could not start.</exception>
    public static IReadOnlyList<TensorFlowDevice> GetDevices()
    {
        using var graph = new NativeGraph();
        using var session = new NativeSession(graph, new SessionOptions { Engine = Engine.TensorFlow, GpuMemoryGrowth = true });
        return session.ListDevices();
    }

    /// <summary>Loads the library if it is not loaded yet.</summary>
    /// <exception cref="AlexNetException">It is not available.</exception>
    internal static LoadedLibrary Require() => IsAvailable(out string problem) ? loaded! : throw new AlexNetException(problem);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search) => name == NativeMethods.Library ? loaded!.Handle : 0;
}

/// <summary>A device of TensorFlow's.</summary>
/// <param name="Name">Its full name, such as <c>/job:localhost/replica:0/task:0/device:GPU:0</c>.</param>
/// <param name="Type">Its kind, such as <c>CPU</c> or <c>GPU</c>.</param>
/// <param name="MemoryBytes">The memory that TensorFlow may use on it, in bytes.</param>
public sealed record TensorFlowDevice(string Name, string Type, long MemoryBytes);
