using System.Collections.Concurrent;
using NumSharp;

namespace AlexNetTF.Imaging;

/// <summary>A batch of preprocessed pictures; its memory goes back to the pipeline on disposal.</summary>
internal sealed unsafe class ImageBatch : IDisposable
{
    private readonly ConcurrentBag<NDArray> pool;
    private readonly ImageRequest[] requests;
    private readonly ImageBatchItem[] items;
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Preprocessing preprocessing;
    private readonly int pictureLength;
    private NDArray? memory;
    private int remaining;

    /// <summary>An empty batch for some requests.</summary>
    internal ImageBatch(ImageRequest[] requests, Preprocessing preprocessing, ConcurrentBag<NDArray> pool)
    {
        this.requests = requests;
        this.preprocessing = preprocessing;
        pictureLength = preprocessing.Height * preprocessing.Width * 3;
        this.pool = pool;
        items = new ImageBatchItem[requests.Length];
        remaining = requests.Length;
    }

    /// <summary>How many pictures there are: the requests that did not fail.</summary>
    internal int Count { get; private set; }

    /// <summary>The pictures, float32 of shape [Count, Height, Width, 3]: the batch's own memory, valid until it is disposed.</summary>
    internal NDArray Images => Memory[$"0:{Count}"];

    /// <summary>The values of <see cref="Images"/>.</summary>
    internal ReadOnlySpan<float> Pixels => new(Memory.Unsafe.Address, Count * pictureLength);

    /// <summary>What became of each request, in order.</summary>
    internal IReadOnlyList<ImageBatchItem> Items => items;

    /// <summary>How many requests there are.</summary>
    internal int Requests => requests.Length;

    /// <summary>Ends when every request is done, or with the error that stops the whole pipeline.</summary>
    internal Task Done => done.Task;

    private NDArray Memory => memory ?? throw new ObjectDisposedException(nameof(ImageBatch));

    /// <summary>Takes memory for <paramref name="capacity"/> pictures.</summary>
    internal void TakeMemory(int capacity) => memory = pool.TryTake(out NDArray? free)
        ? free
        : new NDArray(NPTypeCode.Single, new NumSharp.Shape(capacity, preprocessing.Height, preprocessing.Width, 3), fillZeros: false);

    /// <summary>Decodes a request's picture into its place. What is wrong with the picture is kept, all else is thrown.</summary>
    internal void Decode(int index, ImageLimits limits)
    {
        ImageRequest request = requests[index];
        try
        {
            string? warning = ImageInput.WriteInto(request.Source, preprocessing, limits, request.Mirror, Row(index), request.Jitter);
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
                Row(i).CopyTo(Row(Count));
            items[i] = items[i] with { Row = Count++ };
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref memory, null) is { } free)
            pool.Add(free);
    }

    private Span<float> Row(int index) => new((float*)Memory.Unsafe.Address + ((long)index * pictureLength), pictureLength);
}
