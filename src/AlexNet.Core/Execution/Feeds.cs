using System.Collections;
using NumSharp;

namespace AlexNetTF;

/// <summary>The values that a run gives to tensors: <c>new Feeds { [x] = images, [keepProb] = 1f }</c>. Any tensor can be fed, not only placeholders.</summary>
public sealed class Feeds : IEnumerable<KeyValuePair<Tensor, NDArray>>
{
    private readonly List<KeyValuePair<Tensor, NDArray>> items = [];

    /// <summary>How many tensors are fed.</summary>
    public int Count => items.Count;

    /// <summary>The value of a tensor. Numbers and arrays convert; the element type is converted where no fraction is lost.</summary>
    /// <exception cref="KeyNotFoundException">The tensor is not fed.</exception>
    public NDArray this[Tensor tensor]
    {
        get => Find(tensor) ?? throw new KeyNotFoundException($"{tensor} is not fed.");
        set
        {
            ArgumentNullException.ThrowIfNull(tensor);
            ArgumentNullException.ThrowIfNull(value);
            items.RemoveAll(item => item.Key == tensor);
            items.Add(new(tensor, value));
        }
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<Tensor, NDArray>> GetEnumerator() => items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal NDArray? Find(Tensor tensor)
    {
        foreach (KeyValuePair<Tensor, NDArray> item in items)
        {
            if (item.Key == tensor) return item.Value;
        }

        return null;
    }

    internal KeyValuePair<Tensor, NDArray> At(int index) => items[index];
}
