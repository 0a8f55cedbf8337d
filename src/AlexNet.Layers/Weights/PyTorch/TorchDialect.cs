namespace AlexNetTF.Weights;

/// <summary>What the pickles of PyTorch's state dictionaries name: the functions that rebuild tensors, storages, dictionaries.</summary>
internal sealed class TorchDialect : PickleDialect
{
    /// <summary>The storages that the pickle mentions, by key.</summary>
    public Dictionary<string, TorchStorage> Storages { get; } = new(StringComparer.Ordinal);

    public override bool Allows(PickleGlobal global) => global.Module switch
    {
        "torch._utils" => global.Name is "_rebuild_tensor" or "_rebuild_tensor_v2" or "_rebuild_parameter",
        "torch" or "torch.cuda" => StorageType(global) is not null || global is { Module: "torch", Name: "Size" } || IsDataType(global),
        "collections" => global.Name == "OrderedDict",
        _ => false,
    };

    public override object Call(PickleMachine machine, PickleGlobal callable, object?[] arguments) => callable.Name switch
    {
        "_rebuild_tensor" or "_rebuild_tensor_v2" => Tensor(machine, arguments),
        "_rebuild_parameter" => arguments is [TorchTensor data, ..] ? data : throw machine.Error("a parameter of something that is no tensor"),
        "OrderedDict" => Containers.Dictionary(machine, arguments),
        "Size" => arguments is [PickleTuple size] ? size : throw machine.Error("a size that is no tuple"),
        _ => throw machine.Error($"'{callable}' is called, which state dictionaries do not need"),
    };

    /// <summary>A state dictionary's attributes (_metadata) are its state; they hold nothing about values.</summary>
    public override void SetState(PickleMachine machine, object target, object? state)
    {
        if (target is not PickleDictionary || state is not PickleDictionary)
        {
            throw machine.Error("a state for something that is no dictionary; save model.state_dict(), not the model");
        }
    }

    /// <summary>('storage', type, key, location, count), in the old container with view metadata behind.</summary>
    public override object Load(PickleMachine machine, object? id)
    {
        if (id is not PickleTuple { Items: [PickleBlob kind, PickleGlobal type, PickleBlob key, PickleBlob, long count, ..] items }
            || machine.Text(kind) != "storage" || items.Length > 6 || (items.Length == 6 && items[5] is not null))
        {
            throw machine.Error("a persistent id that is no storage");
        }

        ElementType element = StorageType(type) ?? throw machine.Error($"a storage of the type '{type}'");
        if (count < 0 || count > machine.File.Length)
        {
            throw machine.Error($"a storage of {count:N0} values in a file of {machine.File.Length:N0} bytes");
        }

        string name = machine.Text(key);
        if (!Storages.TryGetValue(name, out TorchStorage? storage))
        {
            storage = new TorchStorage(name, element, count);
            Storages.Add(name, storage);
        }

        return storage.Type == element && storage.Count == count
            ? storage
            : throw machine.Error($"the storage '{name}' comes with two types or lengths");
    }

    /// <summary>_rebuild_tensor(storage, offset, size, stride); v2 adds requires_grad, hooks and metadata.</summary>
    private static TorchTensor Tensor(PickleMachine machine, object?[] arguments)
    {
        if (arguments is not [TorchStorage storage, long offset, PickleTuple size, PickleTuple stride, ..] || size.Items.Length != stride.Items.Length)
        {
            throw machine.Error("a tensor with unknown arguments");
        }

        return new TorchTensor(storage, offset, Integers(machine, size), Integers(machine, stride));
    }

    private static long[] Integers(PickleMachine machine, PickleTuple tuple) =>
        [.. tuple.Items.Select(item => item is long integer ? integer : throw machine.Error("a size or stride that is no integer"))];

    private static bool IsDataType(PickleGlobal global) =>
        global is { Module: "torch", Name: "float32" or "float64" or "float16" or "bfloat16" or "int64" or "int32" or "uint8" or "bool" };

    private static ElementType? StorageType(PickleGlobal global) => global.Name switch
    {
        "FloatStorage" => ElementType.Float32,
        "DoubleStorage" => ElementType.Float64,
        "HalfStorage" => ElementType.Float16,
        "BFloat16Storage" => ElementType.BFloat16,
        "CharStorage" => ElementType.Int8,
        "ShortStorage" => ElementType.Int16,
        "IntStorage" => ElementType.Int32,
        "LongStorage" => ElementType.Int64,
        "ByteStorage" => ElementType.UInt8,
        "BoolStorage" => ElementType.Boolean,
        _ => null,
    };
}
