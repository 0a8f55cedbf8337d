namespace AlexNetTF.Weights;

/// <summary>Which layer feeds which: by the names of inputs and outputs, else by the layers' numbers or their order.</summary>
internal sealed class CaffeOrder
{
    private readonly IReadOnlyList<CaffeLayer> _layers;
    private readonly List<CaffeLayer> _weighted;

    public CaffeOrder(IReadOnlyList<CaffeLayer> layers)
    {
        _layers = layers;
        _weighted = [.. layers.Where(layer => layer.HasWeights)];
        if (HasDistinctNumbers())
        {
            _weighted.Sort((a, b) => TrailingNumber(a.Name).CompareTo(TrailingNumber(b.Name)));
            IsReversed = layers.Count > 1 && IndexOf(_weighted[0]) > IndexOf(_weighted[^1]);
        }
        else if (_weighted is [{ Kind: CaffeKind.InnerProduct }, ..] && _weighted[^1].Kind == CaffeKind.Convolution)
        {
            // No network goes from dense layers to convolutions: the file lists its layers backwards.
            _weighted.Reverse();
            IsReversed = true;
        }
    }

    /// <summary>Whether the file lists the layers from the last to the first.</summary>
    public bool IsReversed { get; }

    /// <summary>The nearest layer with weights before this one; null for the first.</summary>
    public CaffeLayer? Predecessor(CaffeLayer layer)
    {
        if (Upstream(layer) is CaffeLayer upstream)
        {
            return upstream;
        }

        int index = _weighted.IndexOf(layer);
        return index > 0 ? _weighted[index - 1] : null;
    }

    /// <summary>
    /// Follows the first input to the layer that makes it, past layers without weights. A layer that works in place
    /// has its own input as output, so only layers further up in the file count.
    /// </summary>
    private CaffeLayer? Upstream(CaffeLayer layer)
    {
        string? wanted = layer.FirstBottom;
        for (int i = IndexOf(layer) - 1; i >= 0 && wanted is not null; i--)
        {
            if (_layers[i].Tops.Contains(wanted))
            {
                if (_layers[i].HasWeights)
                {
                    return _layers[i];
                }

                wanted = _layers[i].FirstBottom;
            }
        }

        return null;
    }

    private int IndexOf(CaffeLayer layer)
    {
        int index = 0;
        while (!ReferenceEquals(_layers[index], layer))
        {
            index++;
        }

        return index;
    }

    private bool HasDistinctNumbers() =>
        _weighted.Count > 0 && _weighted.All(layer => TrailingNumber(layer.Name) >= 0)
        && _weighted.Select(layer => TrailingNumber(layer.Name)).Distinct().Count() == _weighted.Count;

    /// <summary>The number at the end of a name such as conv1; −1 where there is none.</summary>
    private static int TrailingNumber(string name)
    {
        int start = name.Length;
        while (start > 0 && char.IsAsciiDigit(name[start - 1]) && name.Length - start < 9)
        {
            start--;
        }

        return start < name.Length ? int.Parse(name.AsSpan(start), System.Globalization.CultureInfo.InvariantCulture) : -1;
    }
}
