using System.Runtime.InteropServices;

namespace AlexNetTF.TensorFlow;

/// <summary>An object of the native library that is freed once, whatever happens.</summary>
internal abstract class NativeHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;
}

internal sealed class StatusHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.TF_DeleteStatus(handle);
        return true;
    }
}

internal sealed class GraphHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.TF_DeleteGraph(handle);
        return true;
    }
}

internal sealed class TensorHandle : NativeHandle
{
    public TensorHandle()
    {
    }

    /// <summary>Takes over a tensor that a run returned.</summary>
    public TensorHandle(nint tensor) => SetHandle(tensor);

    protected override bool ReleaseHandle()
    {
        NativeMethods.TF_DeleteTensor(handle);
        return true;
    }
}

internal sealed class SessionOptionsHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.TF_DeleteSessionOptions(handle);
        return true;
    }
}

internal sealed class DeviceListHandle : NativeHandle
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.TF_DeleteDeviceList(handle);
        return true;
    }
}

internal sealed class SessionHandle : NativeHandle
{
    // What closing and deleting report helps nobody any more: the session is gone either way.
    protected override bool ReleaseHandle()
    {
        using StatusHandle status = NativeMethods.TF_NewStatus();
        NativeMethods.TF_CloseSession(handle, status);
        NativeMethods.TF_DeleteSession(handle, status);
        return true;
    }
}
