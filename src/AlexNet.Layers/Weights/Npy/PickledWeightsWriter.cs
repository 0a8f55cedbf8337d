using System.Text;

namespace AlexNetTF.Weights;

/// <summary>
/// Writes {layer: [weights, biases, …]} as the pickled dictionary that the article's code loads: pickle protocol 2
/// with bytes written as text, byte for byte what Python 3 with NumPy 1.14 writes. Python 2 and 3 with any NumPy read
/// it without an encoding argument. (Raw bytes, as Python 2 writes them, would take two thirds of the space, but
/// Python 3 opens them only with encoding='latin1'.)
/// </summary>
internal sealed class PickledWeightsWriter
{
    private readonly Stream _stream;
    private uint _memo;
    private uint _ndarray;
    private uint _reconstruct;
    private uint _encode;
    private uint _latin1;
    private uint _placeholder;
    private uint _dtype;
    private uint _float32;

    private PickledWeightsWriter(Stream stream) => _stream = stream;

    public static void Write(Stream stream, IReadOnlyList<WeightValues> tensors)
    {
        NpyWriter.WriteHeader(stream, "|O", []);
        new PickledWeightsWriter(stream).WriteAll([.. tensors.GroupBy(tensor => tensor.Layer)]);
    }

    /// <summary>An array of rank 0 whose only element is the dictionary.</summary>
    private void WriteAll(List<IGrouping<string, WeightValues>> layers)
    {
        Raw(0x80, 2);
        StartFirstArray();
        Raw((byte)'(', (byte)'K', 1, (byte)')');
        WriteObjectType();
        Raw(0x89, (byte)']');
        Put();
        Raw((byte)'}');
        Put();
        bool many = layers.Count != 1;
        Mark(many);
        foreach (IGrouping<string, WeightValues> layer in layers)
        {
            WriteLayer(layer.Key, [.. layer]);
        }

        Raw(many ? (byte)'u' : (byte)'s', (byte)'a', (byte)'t');
        Put();
        Raw((byte)'b', (byte)'.');
    }

    private void WriteLayer(string name, List<WeightValues> tensors)
    {
        Text(name);
        Put();
        Raw((byte)']');
        Put();
        bool many = tensors.Count != 1;
        Mark(many);
        foreach (WeightValues tensor in tensors)
        {
            WriteArray(tensor);
        }

        Raw(many ? (byte)'e' : (byte)'a');
    }

    /// <summary>The first of all arrays names the functions that the later ones recall.</summary>
    private void StartFirstArray()
    {
        _reconstruct = Global("numpy.core.multiarray", "_reconstruct");
        _ndarray = Global("numpy", "ndarray");
        Raw((byte)'K', 0, 0x85);
        Put();
        _encode = Global("_codecs", "encode");
        Text("b");
        Put();
        Text("latin1");
        _latin1 = Put();
        Raw(0x86);
        Put();
        Raw((byte)'R');
        _placeholder = Put();
        Raw(0x87);
        Put();
        Raw((byte)'R');
        Put();
    }

    private void WriteArray(WeightValues tensor)
    {
        Get(_reconstruct);
        Get(_ndarray);
        Raw((byte)'K', 0, 0x85);
        Put();
        Get(_placeholder);
        Raw(0x87);
        Put();
        Raw((byte)'R');
        Put();
        Raw((byte)'(', (byte)'K', 1);
        WriteShape(tensor.Shape);
        WriteFloatType();
        Raw(0x89);
        WriteData(tensor.Values.Span);
        Raw((byte)'t');
        Put();
        Raw((byte)'b');
    }

    private void WriteShape(IReadOnlyList<long> shape)
    {
        if (shape.Count == 0)
        {
            Raw((byte)')');
            return;
        }

        Mark(shape.Count > 3);
        foreach (long dimension in shape)
        {
            Integer(checked((int)dimension));
        }

        Raw(shape.Count > 3 ? (byte)'t' : (byte)(0x84 + shape.Count));
        Put();
    }

    private void WriteObjectType()
    {
        _dtype = Global("numpy", "dtype");
        WriteType("O8", "|", 63);
    }

    private void WriteFloatType()
    {
        if (_float32 != 0)
        {
            Get(_float32);
            return;
        }

        Get(_dtype);
        _float32 = WriteType("f4", "<", 0);
    }

    /// <summary>dtype(name, 0, 1) with the state (3, order, None, None, None, −1, −1, flags).</summary>
    private uint WriteType(string name, string order, byte flags)
    {
        Text(name);
        Put();
        Raw((byte)'K', 0, (byte)'K', 1, 0x87);
        Put();
        Raw((byte)'R');
        uint index = Put();
        Raw((byte)'(', (byte)'K', 3);
        Text(order);
        Put();
        Raw((byte)'N', (byte)'N', (byte)'N');
        Integer(-1);
        Integer(-1);
        Raw((byte)'K', flags, (byte)'t');
        Put();
        Raw((byte)'b');
        return index;
    }

    /// <summary>_codecs.encode(text, 'latin1'), the text being the bytes as characters 0 to 255.</summary>
    private void WriteData(ReadOnlySpan<float> values)
    {
        Get(_encode);
        Raw((byte)'X');
        Latin1Text.Write(_stream, values);
        Put();
        Get(_latin1);
        Raw(0x86);
        Put();
        Raw((byte)'R');
        Put();
    }

    private uint Global(string module, string name)
    {
        _stream.Write(Encoding.ASCII.GetBytes($"c{module}\n{name}\n"));
        return Put();
    }

    private void Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Raw((byte)'X');
        LittleEndian.Write(_stream, (uint)utf8.Length);
        _stream.Write(utf8);
    }

    private void Integer(int value)
    {
        switch (value)
        {
            case >= 0 and <= byte.MaxValue: Raw((byte)'K', (byte)value); break;
            case >= 0 and <= ushort.MaxValue: Raw((byte)'M', (byte)value, (byte)(value >> 8)); break;
            default:
                Raw((byte)'J');
                LittleEndian.Write(_stream, (uint)value);
                break;
        }
    }

    private void Mark(bool needed)
    {
        if (needed)
        {
            Raw((byte)'(');
        }
    }

    private uint Put()
    {
        if (_memo <= byte.MaxValue)
        {
            Raw((byte)'q', (byte)_memo);
        }
        else
        {
            Raw((byte)'r');
            LittleEndian.Write(_stream, _memo);
        }

        return _memo++;
    }

    private void Get(uint index)
    {
        if (index <= byte.MaxValue)
        {
            Raw((byte)'h', (byte)index);
        }
        else
        {
            Raw((byte)'j');
            LittleEndian.Write(_stream, index);
        }
    }

    private void Raw(params ReadOnlySpan<byte> bytes) => _stream.Write(bytes);
}
