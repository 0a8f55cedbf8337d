using System.Runtime.InteropServices;
using System.Text;
using NumSharp;

namespace AlexNetTF.TensorFlow.Tests;

/// <summary>A model that TensorFlow itself reads, through functions of its C API that the library does not call.</summary>
internal sealed unsafe class NativeModel : IDisposable
{
    private readonly nint graph = Call<nint>("TF_NewGraph");
    private readonly nint session;

    private NativeModel(Func<nint, nint, nint> open)
    {
        using var status = new NativeStatus();
        nint raw = status.Handle.DangerousGetHandle();
        session = open(graph, raw);
        if (status.Code != 0) ((delegate* unmanaged<nint, void>)Export("TF_DeleteGraph"))(graph);
        status.Check("reading a model");
    }

    /// <summary>Imports a GraphDef (<c>TF_GraphImportGraphDef</c>).</summary>
    public static NativeModel OfGraphDef(byte[] bytes) => new((graph, status) =>
    {
        nint options = Call<nint>("TF_NewImportGraphDefOptions");
        nint buffer = ((delegate* unmanaged<void*, nuint, nint>)Export("TF_NewBufferFromString"))(Pin(bytes, out GCHandle pin), (nuint)bytes.Length);
        ((delegate* unmanaged<nint, nint, nint, nint, void>)Export("TF_GraphImportGraphDef"))(graph, buffer, options, status);
        pin.Free();
        ((delegate* unmanaged<nint, void>)Export("TF_DeleteBuffer"))(buffer);
        ((delegate* unmanaged<nint, void>)Export("TF_DeleteImportGraphDefOptions"))(options);
        if (((delegate* unmanaged<nint, int>)Export("TF_GetCode"))(status) != 0) return 0;
        nint sessionOptions = Call<nint>("TF_NewSessionOptions");
        return ((delegate* unmanaged<nint, nint, nint, nint>)Export("TF_NewSession"))(graph, sessionOptions, status);
    });

    /// <summary>Loads a SavedModel with the tag <c>serve</c> (<c>TF_LoadSessionFromSavedModel</c>).</summary>
    public static NativeModel OfSavedModel(string folder) => new((graph, status) =>
    {
        fixed (byte* path = Encoding.UTF8.GetBytes(folder + "\0"), tag = "serve\0"u8)
        {
            byte** tags = &tag;
            nint options = Call<nint>("TF_NewSessionOptions");
            return ((delegate* unmanaged<nint, void*, byte*, byte**, int, nint, void*, nint, nint>)Export("TF_LoadSessionFromSavedModel"))(options, null, path, tags, 1, graph, null, status);
        }
    });

    /// <summary>Runs one tensor, fed with others.</summary>
    public NDArray Run(string fetch, params (string Name, NDArray Value)[] feeds) => Run([fetch], feeds)[0];

    /// <summary>Runs tensors, fed with others.</summary>
    public NDArray[] Run(IReadOnlyList<string> fetches, params (string Name, NDArray Value)[] feeds)
    {
        using var status = new NativeStatus();
        NativeOutput[] inputs = [.. feeds.Select(feed => Find(feed.Name))];
        TensorHandle[] held = [.. feeds.Select(feed => NativeTensors.Wrap(feed.Value))];
        nint[] values = [.. held.Select(tensor => tensor.DangerousGetHandle())];
        NativeOutput[] outputs = [.. fetches.Select(Find)];
        var results = new nint[outputs.Length];
        var run = (delegate* unmanaged<nint, void*, NativeOutput*, nint*, int, NativeOutput*, nint*, int, nint*, int, void*, nint, void>)Export("TF_SessionRun");
        fixed (NativeOutput* at = inputs, output = outputs)
        fixed (nint* value = values, result = results)
        {
            run(session, null, at, value, values.Length, output, result, outputs.Length, null, 0, null, status.Handle.DangerousGetHandle());
        }

        foreach (TensorHandle tensor in held) tensor.Dispose();
        status.Check($"running {string.Join(", ", fetches)}");
        TensorHandle[] computed = Array.ConvertAll(results, tensor => new TensorHandle(tensor));
        try
        {
            return Array.ConvertAll(computed, NativeTensors.ToArray);
        }
        finally
        {
            foreach (TensorHandle tensor in computed) tensor.Dispose();
        }
    }

    public void Dispose()
    {
        using var status = new NativeStatus();
        ((delegate* unmanaged<nint, nint, void>)Export("TF_DeleteSession"))(session, status.Handle.DangerousGetHandle());
        ((delegate* unmanaged<nint, void>)Export("TF_DeleteGraph"))(graph);
    }

    private static nint Export(string name) => NativeLibrary.GetExport(TensorFlowLibrary.Require().Handle, name);

    private static T Call<T>(string name)
        where T : unmanaged => ((delegate* unmanaged<T>)Export(name))();

    private static void* Pin(byte[] bytes, out GCHandle pin)
    {
        pin = GCHandle.Alloc(bytes, GCHandleType.Pinned);
        return (void*)pin.AddrOfPinnedObject();
    }

    private NativeOutput Find(string tensor)
    {
        string[] parts = tensor.Split(':');
        fixed (byte* name = Encoding.UTF8.GetBytes(parts[0] + "\0"))
        {
            nint op = ((delegate* unmanaged<nint, byte*, nint>)Export("TF_GraphOperationByName"))(graph, name);
            Assert.That(op, Is.Not.Zero, $"TensorFlow's graph has no operation {parts[0]}");
            return new NativeOutput(op, int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
