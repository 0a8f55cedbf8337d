using AlexNetTF.Imaging;
using NumSharp;

namespace AlexNetTF;

/// <summary>Some pictures of a data set, ready to be fed. Disposing it gives its memory to a later batch; a batch that is kept stays valid.</summary>
public sealed class Batch : IDisposable
{
    private readonly ImageBatch batch;

    internal Batch(ImageBatch batch, ImageDataset dataset)
    {
        this.batch = batch;
        int[] labels = [.. batch.Items.Select(item => dataset.Items[item.Request.Tag].Label)];
        float[] oneHot = new float[labels.Length * dataset.Classes];
        for (int i = 0; i < labels.Length; i++)
            oneHot[(i * dataset.Classes) + labels[i]] = 1;
        Paths = [.. batch.Items.Select(item => item.Request.Source.Name)];
        Labels = new NDArray(labels, new NumSharp.Shape(labels.Length));
        OneHot = new NDArray(oneHot, new NumSharp.Shape(labels.Length, dataset.Classes));
        Images = batch.Images;
    }

    /// <summary>How many pictures there are.</summary>
    public int Count => Paths.Count;

    /// <summary>The pictures, float32 of shape [Count, Height, Width, 3].</summary>
    public NDArray Images { get; }

    /// <summary>A row for each picture, float32 of shape [Count, classes]: 1 for its class, else 0.</summary>
    public NDArray OneHot { get; }

    /// <summary>The class of each picture, int32 of shape [Count].</summary>
    public NDArray Labels { get; }

    /// <summary>The file of each picture.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>Gives the memory of <see cref="Images"/> to a later batch; it must not be used from now on.</summary>
    public void Dispose() => batch.Dispose();
}
