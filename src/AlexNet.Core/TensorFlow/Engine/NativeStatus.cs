using System.Runtime.InteropServices;

namespace AlexNetTF.TensorFlow;

/// <summary>What a call of the native library reports, and the exception for it.</summary>
internal sealed class NativeStatus : IDisposable
{
    private const int Cancelled = 1;

    public StatusHandle Handle { get; } = NativeMethods.TF_NewStatus();

    public int Code => NativeMethods.TF_GetCode(Handle);

    public string Message => Marshal.PtrToStringUTF8(NativeMethods.TF_Message(Handle)) ?? "";

    /// <summary>Raises the error of the last call, if it failed.</summary>
    /// <param name="doing">What was being done, for the message.</param>
    /// <exception cref="RunException">It failed.</exception>
    public void Check(string doing)
    {
        int code = Code;
        if (code != 0) throw new RunException(CodeOf(code), $"TensorFlow, {doing}: {Message}");
    }

    public void Dispose() => Handle.Dispose();

    // Codes that RunErrorCode does not have (unknown, cancelled by the session's end, …) are the engine's own failures.
    private static RunErrorCode CodeOf(int code) => code != Cancelled && Enum.IsDefined((RunErrorCode)code) ? (RunErrorCode)code : RunErrorCode.Internal;
}
