namespace AlexNetTF.Weights;

/// <summary>A dtype in a pickle; its state, which brings the byte order, comes after it is made.</summary>
internal sealed class PickledType(NumpyType type)
{
    public NumpyType Type { get; set; } = type;
}

/// <summary>An array in a pickle; its state comes after it is made.</summary>
internal sealed class NumpyArray(long position)
{
    /// <summary>Where the pickle makes it, for errors about an array that stays empty.</summary>
    public long Position => position;

    /// <summary>The shape and how the elements lie; null until the state comes.</summary>
    public TensorLayout? Layout { get; private set; }

    /// <summary>The numbers; null for an array of objects.</summary>
    public StoredTensor? Numbers { get; private set; }

    /// <summary>The elements of an array of objects, in C order.</summary>
    public List<object?>? Objects { get; private set; }

    public void SetNumbers(TensorLayout layout, StoredTensor numbers) => (Layout, Numbers) = (layout, numbers);

    public void SetObjects(TensorLayout layout, List<object?> objects) => (Layout, Objects) = (layout, objects);
}
