using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace AlexNetTF.TensorFlow;

/// <summary>Environment variables that native code reads: .NET's are a copy of its own, which a C library does not see.</summary>
internal static partial class NativeEnvironment
{
    /// <summary>Sets a variable that is not set yet.</summary>
    public static void SetDefault(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is not null) return;
        Environment.SetEnvironmentVariable(name, value);
        _ = OperatingSystem.IsWindows() ? PutVariable(name, value) : SetVariable(name, value, 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [SuppressMessage("Interoperability", "CA5392", Justification = "The C library of the process.")]
    private static partial int SetVariable(string name, string value, int overwrite);

    [LibraryImport("ucrtbase", EntryPoint = "_putenv_s", StringMarshalling = StringMarshalling.Utf8)]
    [SuppressMessage("Interoperability", "CA5392", Justification = "The C library of the process.")]
    private static partial int PutVariable(string name, string value);
}
