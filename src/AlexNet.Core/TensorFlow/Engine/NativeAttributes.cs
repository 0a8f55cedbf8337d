using System.Runtime.InteropServices;
using System.Text;

namespace AlexNetTF.TensorFlow;

/// <summary>Gives an operation that is being made in TensorFlow its attributes.</summary>
internal static unsafe class NativeAttributes
{
    /// <summary>Sets one attribute.</summary>
    /// <param name="description">TensorFlow's operation in the making.</param>
    /// <param name="name">The attribute.</param>
    /// <param name="value">Its value as <see cref="AttributeMap"/> holds it.</param>
    public static void Set(nint description, string name, object value)
    {
        switch (value)
        {
            case bool flag: NativeMethods.TF_SetAttrBool(description, name, flag ? (byte)1 : (byte)0); break;
            case long number: NativeMethods.TF_SetAttrInt(description, name, number); break;
            case float number: NativeMethods.TF_SetAttrFloat(description, name, number); break;
            case DType type: NativeMethods.TF_SetAttrType(description, name, (int)type); break;
            case string text: Set(description, name, text); break;
            case Shape shape: Set(description, name, shape); break;
            case TensorData data: Set(description, name, data); break;
            case TensorHandle tensor: Set(description, name, tensor); break;
            case IReadOnlyList<string> list: Set(description, name, list); break;
            case IReadOnlyList<long> list: Set(description, name, [.. list]); break;
            case IReadOnlyList<DType> list: Set(description, name, list); break;
            default: throw new InvalidOperationException($"The attribute {name} has a value of {value.GetType()}, which no op of TensorFlow's takes.");
        }
    }

    private static void Set(nint description, string name, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* at = bytes) NativeMethods.TF_SetAttrString(description, name, at, (nuint)bytes.Length);
    }

    private static void Set(nint description, string name, Shape shape)
    {
        const int UnknownRank = -1;
        long[] dims = shape.HasRank ? Array.ConvertAll(shape.ToArrayOrMinusOne(), size => (long)size) : [];
        fixed (long* at = dims) NativeMethods.TF_SetAttrShape(description, name, at, shape.HasRank ? dims.Length : UnknownRank);
    }

    private static void Set(nint description, string name, TensorData data)
    {
        using TensorHandle tensor = NativeTensors.Of(data);
        Set(description, name, tensor);
    }

    private static void Set(nint description, string name, TensorHandle tensor)
    {
        using var status = new NativeStatus();
        NativeMethods.TF_SetAttrTensor(description, name, tensor, status.Handle);
        status.Check($"setting the attribute {name}");
    }

    private static void Set(nint description, string name, long[] values)
    {
        fixed (long* at = values) NativeMethods.TF_SetAttrIntList(description, name, at, values.Length);
    }

    private static void Set(nint description, string name, IReadOnlyList<DType> types)
    {
        int[] values = [.. types.Select(type => (int)type)];
        fixed (int* at = values) NativeMethods.TF_SetAttrTypeList(description, name, at, values.Length);
    }

    private static void Set(nint description, string name, IReadOnlyList<string> texts)
    {
        byte[][] bytes = [.. texts.Select(Encoding.UTF8.GetBytes)];
        GCHandle[] pins = Array.ConvertAll(bytes, item => GCHandle.Alloc(item, GCHandleType.Pinned));
        try
        {
            nint[] addresses = Array.ConvertAll(pins, pin => pin.AddrOfPinnedObject());
            nuint[] lengths = Array.ConvertAll(bytes, item => (nuint)item.Length);
            fixed (nint* values = addresses)
            fixed (nuint* sizes = lengths)
            {
                NativeMethods.TF_SetAttrStringList(description, name, (byte**)values, sizes, bytes.Length);
            }
        }
        finally
        {
            foreach (GCHandle pin in pins) pin.Free();
        }
    }
}
