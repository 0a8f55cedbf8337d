using System.Collections.Concurrent;

namespace AlexNetTF.Imaging;

/// <summary>A batch of preprocessed pictures; its memory goes back to the pipeline on disposal.</summary>
internal sealed class ImageBatch : IDisposable
{
    private readonly ConcurrentBag<float[]> pool;
    private readonly ImageRequest[] requests;
    private readonly ImageBatchItem[] items;
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int pictureLength;
    private float[]? pixels;
    private int remaining;

    /// <summary>An empty batch for some requests.</summary>
    internal ImageBatch(ImageRequest[] requests, int pictureLength, ConcurrentBag<float[]> pool)
    {
        this.requests = requests;
        this.pictureLength = pictureLength;
        this.pool = pool;
        items = new ImageBatchItem[requests.Length];
        remaining = requests.Length;
    }

    /// <summary>How many pictures there are: the requests that did not fail.</summary>
    internal int Count { get; private set; }

    /// <summary>Count × Height × Width × 3 floats. The memory is pinned.</summary>
    internal Memory<float> Pixels => (pixels ?? throw new ObjectDisposedException(nameof(ImageBatch))).AsMemory(0, Count * pictureLength);

    /// <summary>What became of each request, in order.</summary>
    internal IReadOnlyList<ImageBatchItem> Items => items;

    /// <summary>How many requests there are.</summary>
    internal int Requests => requests.Length;

    /// <summary>Ends when every request is done, or with the error that stops the whole pipeline.</summary>
    internal Task Done => done.Task;

    /// <summary>Takes memory for <paramref name="capacity"/> pictures.</summary>
    internal void TakeMemory(int capacity) =>
        pixels = pool.TryTake(out float[]? free) ? free : GC.AllocateUninitializedArray<float>(checked(capacity * pictureLength), pinned: true);

    /// <summary>Decodes a request's picture into its place. What is wrong with the picture is kept, all else is thrown.</summary>
    internal void Decode(int index, Preprocessing preprocessing, ImageLimits limits)
    {
        ImageRequest request = requests[index];
        try
        {
            string? warning = ImageInput.WriteInto(request.Source, preprocessing, limits, request.Mirror, pixels.AsSpan(index * pictureLength, pictureLength));
            items[index] = new(request, index, warning, null);
        }
        catch (Exception error) when (error is AlexNetException or IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException or ObjectDisposedException)
        {
            items[index] = new(request, -1, null, error);
        }

        if (Interlocked.Decrement(ref remaining) == 0)
            done.SetResult();
    }

    /// <summary>Makes <see cref="Done"/> end with an error.</summary>
    internal void Fail(Exception error) => done.TrySetException(error);

    /// <summary>Moves the pictures together over the places of those that failed.</summary>
    internal void Compact()
    {
        for (int i = 0; i < items.Length; i++)
        {
            if (items[i].Row < 0)
                continue;
            if (Count < i)
                Array.Copy(pixels!, i * pictureLength, pixels!, Count * pictureLength, pictureLength);
            items[i] = items[i] with { Row = Count++ };
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref pixels, null) is { } free)
            pool.Add(free);
    }
}
