using AlexNetTF.Weights;

namespace AlexNetTF;

/// <summary>
/// One tensor of a weight file: what it is called, its shape as TensorFlow wants it, and where the file keeps it.
/// The values stay in the file until <see cref="WeightSource.ReadInto"/>.
/// </summary>
public sealed class WeightEntry
{
    internal WeightEntry(
        string layer, string parameter, string storedName, TensorLayout storedLayout, TensorLayout layout, StoredTensor stored)
    {
        Layer = layer;
        Parameter = parameter;
        StoredName = storedName;
        StoredLayout = storedLayout;
        Layout = layout;
        Stored = stored;
        Count = Shapes.Count(layout.Shape) ?? throw new ArgumentOutOfRangeException(nameof(layout));
    }

    /// <summary>The layer, such as <c>conv1</c>; empty where the file does not tell (a plain .npy).</summary>
    public string Layer { get; }

    /// <summary><c>weights</c>, <c>biases</c>, or what the file calls it.</summary>
    public string Parameter { get; }

    /// <summary>The TensorFlow variable that the tensor belongs to, such as <c>conv1/weights</c>.</summary>
    public string Name => Layer.Length == 0 ? Parameter : $"{Layer}/{Parameter}";

    /// <summary>What the file itself calls the tensor, such as <c>features.0.weight</c>.</summary>
    public string StoredName { get; }

    /// <summary>The shape in TensorFlow's layout: filters height × width × in × out, dense weights in × out.</summary>
    public IReadOnlyList<long> Shape => Layout.Shape;

    /// <summary>The shape as the file states it.</summary>
    public IReadOnlyList<long> StoredShape => StoredLayout.Shape;

    /// <summary>The type of the stored values (<c>float32</c>, <c>float16</c>, <c>bfloat16</c>, <c>int64</c> …); they are read as float32.</summary>
    public string StoredType => Stored.Type.Name();

    /// <summary>How many values the tensor has.</summary>
    public long Count { get; }

    /// <summary>The file that holds the values: the opened one, or one beside it (ONNX's external data).</summary>
    public string File => Stored.Region.File.Path;

    /// <summary>The byte of <see cref="File"/> at which the stored values begin.</summary>
    public long FileOffset => Stored.Region.FilePosition;

    /// <summary>
    /// Whether the file holds the values exactly as memory would: little-endian float32, in TensorFlow's layout and
    /// order, without gaps, from <see cref="FileOffset"/> on. Such a tensor can be mapped instead of read.
    /// </summary>
    public bool IsVerbatim =>
        Stored is { Type: ElementType.Float32, BigEndian: false, Region.IsVerbatim: true } && Layout.IsInOrder;

    /// <summary>The order that TensorFlow wants.</summary>
    internal TensorLayout Layout { get; }

    /// <summary>The order in which the file's own format counts the elements.</summary>
    internal TensorLayout StoredLayout { get; }

    internal StoredTensor Stored { get; }

    /// <summary>The name, stored type and shape, for messages.</summary>
    public override string ToString() => $"{Name} {StoredType} {Shapes.Text(Layout.Shape)}";
}
