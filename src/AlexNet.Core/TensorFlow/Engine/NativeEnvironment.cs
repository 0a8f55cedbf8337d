using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace AlexNetTF.TensorFlow;

/// <summary>
/// Environment variables that native code reads: .NET's are a copy of its own, which a C library does not see. What is set here
/// is for this process alone: on Unix the copy, which child processes get, stays as it was.
/// </summary>
internal static partial class NativeEnvironment
{
    private static readonly HashSet<string> Ours = [];

    /// <summary>Sets a variable that the user has not set; may be repeated with another value. Not for several threads at once.</summary>
    public static void SetDefault(string name, string value)
    {
        if (!Ours.Contains(name) && Environment.GetEnvironmentVariable(name) is not null) return;
        Ours.Add(name);
        _ = OperatingSystem.IsWindows() ? PutVariable(name, value) : SetVariable(name, value, overwrite: 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [SuppressMessage("Interoperability", "CA5392", Justification = "The C library of the process.")]
    private static partial int SetVariable(string name, string value, int overwrite);

    [LibraryImport("ucrtbase", EntryPoint = "_putenv_s", StringMarshalling = StringMarshalling.Utf8)]
    [SuppressMessage("Interoperability", "CA5392", Justification = "The C library of the process.")]
    private static partial int PutVariable(string name, string value);
}
