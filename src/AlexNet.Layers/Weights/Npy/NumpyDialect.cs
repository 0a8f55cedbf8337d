namespace AlexNetTF.Weights;

/// <summary>
/// What NumPy's pickles name: arrays, dtypes, scalars, byte strings and dictionaries, under the names of NumPy 1 and
/// 2 and of Python 2 and 3.
/// </summary>
internal sealed class NumpyDialect(List<IDisposable> owned) : PickleDialect
{
    private const int ArrayStateVersion = 1;

    public override bool Allows(PickleGlobal global) => global.Module switch
    {
        "numpy" => global.Name is "ndarray" or "dtype",
        "numpy.core.multiarray" or "numpy._core.multiarray" or
        "numpy.core._multiarray_umath" or "numpy._core._multiarray_umath" => global.Name is "_reconstruct" or "scalar",
        "numpy.core.numeric" or "numpy._core.numeric" => global.Name == "_frombuffer",
        "_codecs" => global.Name == "encode",
        "collections" => global.Name == "OrderedDict",
        "builtins" or "__builtin__" => global.Name is "bytes" or "bytearray" or "list" or "dict" or "object",
        "copyreg" or "copy_reg" => global.Name == "_reconstructor",
        _ => false,
    };

    public override object Call(PickleMachine machine, PickleGlobal callable, object?[] arguments) => callable.Name switch
    {
        "_reconstruct" => Reconstruct(machine, arguments),
        "dtype" => MakeType(machine, arguments),
        "scalar" => MakeScalar(machine, arguments),
        "_frombuffer" => FromBuffer(machine, arguments),
        "encode" => Encode(machine, arguments),
        "bytes" or "bytearray" => Bytes(machine, arguments),
        "OrderedDict" => Containers.Dictionary(machine, arguments),
        "_reconstructor" => Reconstructor(machine, arguments),
        _ => throw machine.Error($"'{callable}' is called, which weights do not need"),
    };

    public override void SetState(PickleMachine machine, object target, object? state)
    {
        switch (target)
        {
            case PickledType type when state is PickleTuple { Items: { Length: >= 8 and <= 9 } items }:
                type.Type = WithState(machine, type.Type, items);
                break;
            case NumpyArray array when state is PickleTuple { Items: [long or bool, PickleTuple shape, PickledType type, var order, var data] items }:
                SetState(machine, array, items[0], shape, type.Type, order, data);
                break;
            case PickleDictionary when state is PickleDictionary or null:
                break;
            default:
                throw machine.Error("a state for something that has none, or of an unknown form");
        }
    }

    private static NumpyArray Reconstruct(PickleMachine machine, object?[] arguments) =>
        arguments is [PickleGlobal { Module: "numpy", Name: "ndarray" }, PickleTuple, PickleBlob]
            ? new NumpyArray(machine.Position)
            : throw machine.Error("_reconstruct of something other than numpy.ndarray");

    private static PickledType MakeType(PickleMachine machine, object?[] arguments)
    {
        if (arguments is not [PickleBlob name, ..] || arguments.Length > 3)
        {
            throw machine.Error("a dtype that is not named by text");
        }

        string text = machine.Text(name);
        return new PickledType(NumpyType.Parse(text) ?? throw machine.Error(
            $"the type '{text}' is no number type that weights have (f2, f4, f8, i1–i8, u1–u8, b1)"));
    }

    /// <summary>State (3 or 4, byte order, subarray, names, fields, …): the byte order here is the one that counts.</summary>
    private static NumpyType WithState(PickleMachine machine, NumpyType type, object?[] state)
    {
        if (state is not [long, PickleBlob order, null, null, null, ..])
        {
            throw machine.Error("a structured or unknown dtype state");
        }

        return machine.Text(order) switch
        {
            ">" => type with { BigEndian = true },
            "<" or "|" or "=" => type with { BigEndian = false },
            _ => throw machine.Error("an unknown byte order"),
        };
    }

    private void SetState(
        PickleMachine machine, NumpyArray array, object? version, PickleTuple shape, NumpyType type, object? order, object? data)
    {
        if (version is not (long)ArrayStateVersion)
        {
            throw machine.Error($"an array state of version {version}; version {ArrayStateVersion} is read");
        }

        bool fortran = order switch
        {
            bool flag => flag,
            long number and (0 or 1) => number == 1,
            _ => throw machine.Error("an array state without its order"),
        };
        long[] dimensions = Dimensions(machine, shape);
        Fill(machine, array, fortran ? TensorLayout.Fortran(dimensions) : TensorLayout.InOrder(dimensions), type, data);
    }

    private void Fill(PickleMachine machine, NumpyArray array, TensorLayout layout, NumpyType type, object? data)
    {
        long count = Shapes.Count(layout.Shape, machine.File, machine.Position, "an array");
        switch (data)
        {
            case PickleList list when type.Element is null && list.Items.Count == count:
                array.SetObjects(layout, list.Items);
                break;
            case PickleBlob bytes when type.Element is ElementType element:
                array.SetNumbers(layout, Numbers(machine, layout.Shape, count, new StoredType(element, type.BigEndian), bytes));
                break;
            default:
                throw machine.Error($"the data of an array of shape {Shapes.Text(layout.Shape)} do not fit its type or its {count:N0} elements");
        }
    }

    private readonly record struct StoredType(ElementType Element, bool BigEndian);

    private StoredTensor Numbers(PickleMachine machine, long[] shape, long count, StoredType type, PickleBlob bytes)
    {
        long limit = machine.File.Length;
        if (count > limit)
        {
            throw machine.Error($"an array of shape {Shapes.Text(shape)} in a file of {limit:N0} bytes");
        }

        ByteRegion region = machine.Region(bytes, count * type.Element.Size(), owned);
        var stored = new StoredTensor(region, type.Element, type.BigEndian);
        WeightEntries.RequireExactBytes("an array", shape, stored);
        return stored;
    }

    private NumpyArray MakeScalar(PickleMachine machine, object?[] arguments)
    {
        if (arguments is not [PickledType type, PickleBlob bytes])
        {
            throw machine.Error("a NumPy scalar that is no number");
        }

        var scalar = new NumpyArray(machine.Position);
        Fill(machine, scalar, TensorLayout.InOrder(), type.Type, bytes);
        return scalar;
    }

    /// <summary>
    /// _frombuffer(bytes, dtype, shape, order): order C, F, or K with a fifth argument, the axes by which the array
    /// in C order is transposed.
    /// </summary>
    private NumpyArray FromBuffer(PickleMachine machine, object?[] arguments)
    {
        if (arguments is not [PickleBlob bytes, PickledType type, PickleTuple shape, PickleBlob order, ..] || arguments.Length > 5)
        {
            throw machine.Error("_frombuffer with unknown arguments");
        }

        long[] dimensions = Dimensions(machine, shape);
        Shapes.Count(dimensions, machine.File, machine.Position, "an array");
        TensorLayout layout = (machine.Text(order), arguments.ElementAtOrDefault(4)) switch
        {
            ("C", null) => TensorLayout.InOrder(dimensions),
            ("F", null) => TensorLayout.Fortran(dimensions),
            ("K", PickleTuple axes) => TensorLayout.InOrder(dimensions).Transpose(Permutation(machine, axes, dimensions.Length)),
            ("K", null) => TensorLayout.InOrder(dimensions),
            _ => throw machine.Error("_frombuffer with an unknown order"),
        };
        var array = new NumpyArray(machine.Position);
        Fill(machine, array, layout, type.Type, bytes);
        return array;
    }

    private static int[] Permutation(PickleMachine machine, PickleTuple axes, int rank)
    {
        int[] order = [.. Dimensions(machine, axes).Select(axis => (int)Math.Clamp(axis, -1, rank))];
        return order.Order().SequenceEqual(Enumerable.Range(0, rank)) ? order : throw machine.Error("an order of axes that is none");
    }

    /// <summary>_codecs.encode(text, 'latin1'): how Python 3 writes bytes in protocols 0 to 2.</summary>
    private static PickleBlob Encode(PickleMachine machine, object?[] arguments)
    {
        if (arguments is not [PickleBlob { IsText: true } text, PickleBlob codec] || machine.Text(codec) is not ("latin1" or "latin-1"))
        {
            throw machine.Error("_codecs.encode is read only for text that stands for bytes (latin1)");
        }

        return text with { Coding = text.Coding == BlobCoding.Text ? BlobCoding.BytesInText : BlobCoding.BytesInEscapedText };
    }

    /// <summary>bytes() without arguments is how Python 3 writes no bytes in protocols 0 to 2; bytearray wraps bytes.</summary>
    private static PickleBlob Bytes(PickleMachine machine, object?[] arguments) => arguments switch
    {
        [] => new PickleBlob(machine.Position, 0, BlobCoding.Bytes),
        [PickleBlob { IsText: false } bytes] => bytes,
        [PickleBlob { IsText: true }, PickleBlob] => Encode(machine, arguments),
        _ => throw machine.Error("bytes of something that is no byte string"),
    };

    /// <summary>copyreg._reconstructor(class, base, state): how protocols 0 and 1 write an object of a container class.</summary>
    private static object Reconstructor(PickleMachine machine, object?[] arguments) =>
        arguments is [PickleGlobal type, PickleGlobal, _] && PickleMachine.NewContainer(type) is object made
            ? made
            : throw machine.Error("_reconstructor of a class that weights do not need");

    private static long[] Dimensions(PickleMachine machine, PickleTuple tuple)
    {
        long[] dimensions = new long[tuple.Items.Length];
        for (int k = 0; k < dimensions.Length; k++)
        {
            dimensions[k] = tuple.Items[k] is long dimension ? dimension : throw machine.Error("a dimension that is no integer");
        }

        return dimensions;
    }
}
