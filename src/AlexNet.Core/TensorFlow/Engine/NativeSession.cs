using System.Runtime.InteropServices;
using NumSharp;

namespace AlexNetTF.TensorFlow;

/// <summary>TensorFlow's session on a graph.</summary>
internal sealed unsafe class NativeSession : IDisposable
{
    private readonly SessionHandle handle;

    public NativeSession(NativeGraph graph, SessionOptions options)
    {
        using SessionOptionsHandle native = NativeMethods.TF_NewSessionOptions();
        using var status = new NativeStatus();
        byte[] config = SessionConfig.Bytes(options);
        fixed (byte* at = config) NativeMethods.TF_SetConfig(native, at, (nuint)config.Length, status.Handle);
        status.Check("reading the session's options");
        if (options.Target.Length > 0) NativeMethods.TF_SetTarget(native, options.Target);
        handle = NativeMethods.TF_NewSession(graph.Handle, native, status.Handle);
        status.Check(options.Target.Length > 0 ? $"opening a session on {options.Target}" : "opening a session");
    }

    /// <summary>The devices that the session may use.</summary>
    public IReadOnlyList<TensorFlowDevice> ListDevices()
    {
        using var status = new NativeStatus();
        using DeviceListHandle list = NativeMethods.TF_SessionListDevices(handle, status.Handle);
        status.Check("listing the devices");
        var devices = new List<TensorFlowDevice>();
        for (int i = 0; i < NativeMethods.TF_DeviceListCount(list); i++)
        {
            string name = Marshal.PtrToStringUTF8(NativeMethods.TF_DeviceListName(list, i, status.Handle)) ?? "";
            string type = Marshal.PtrToStringUTF8(NativeMethods.TF_DeviceListType(list, i, status.Handle)) ?? "";
            devices.Add(new TensorFlowDevice(name, type, NativeMethods.TF_DeviceListMemoryBytes(list, i, status.Handle)));
            status.Check("listing the devices");
        }

        return devices;
    }

    /// <summary>Runs.</summary>
    /// <param name="inputs">The fed outputs.</param>
    /// <param name="values">Their values.</param>
    /// <param name="outputs">The outputs asked for.</param>
    /// <param name="targets">The operations to run besides.</param>
    /// <param name="doing">What runs, for an error's message.</param>
    /// <param name="notes">Where given, takes what TensorFlow notes of every node.</param>
    /// <returns>The outputs' values.</returns>
    public NDArray[] Run(NativeOutput[] inputs, TensorHandle[] values, NativeOutput[] outputs, nint[] targets, string doing, NativeTrace? notes = null)
    {
        if (notes is null) return Run(null, inputs, values, outputs, targets, null, doing);
        NativeBuffer* metadata = NativeMethods.TF_NewBuffer();
        try
        {
            byte[] options = NativeTrace.RunOptions;
            fixed (byte* at = options)
            {
                var request = new NativeBuffer((nint)at, (nuint)options.Length);
                NDArray[] results = Run(&request, inputs, values, outputs, targets, metadata, doing);
                notes.Read(new ReadOnlySpan<byte>((void*)metadata->Data, checked((int)metadata->Length)));
                return results;
            }
        }
        finally
        {
            NativeMethods.TF_DeleteBuffer(metadata);
        }
    }

    public void Dispose() => handle.Dispose();

    private NDArray[] Run(NativeBuffer* options, NativeOutput[] inputs, TensorHandle[] values, NativeOutput[] outputs, nint[] targets, NativeBuffer* metadata, string doing)
    {
        using var status = new NativeStatus();
        var given = new nint[values.Length];
        var results = new nint[outputs.Length];
        for (int i = 0; i < given.Length; i++) given[i] = values[i].DangerousGetHandle();
        fixed (NativeOutput* input = inputs, output = outputs)
        fixed (nint* value = given, result = results, target = targets)
        {
            NativeMethods.TF_SessionRun(handle, options, input, value, inputs.Length, output, result, outputs.Length, target, targets.Length, metadata, status.Handle);
        }

        GC.KeepAlive(values);
        TensorHandle[] tensors = Array.ConvertAll(results, tensor => new TensorHandle(tensor));
        try
        {
            status.Check(doing);
            return Array.ConvertAll(tensors, NativeTensors.ToArray);
        }
        finally
        {
            foreach (TensorHandle tensor in tensors) tensor.Dispose();
        }
    }
}
