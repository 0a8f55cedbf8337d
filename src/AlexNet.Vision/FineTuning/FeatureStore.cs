using System.IO.MemoryMappedFiles;
using NumSharp;

namespace AlexNetTF.FineTuning;

/// <summary>The frontier's values for each picture of a data set and for its mirror image, in memory or in a memory-mapped file.</summary>
internal sealed unsafe class FeatureStore : IDisposable
{
    private readonly IReadOnlyList<Tensor> tensors;
    private readonly int[] lengths;
    private readonly int rowLength;
    private readonly bool[] filled;
    private readonly float[]?[] rows;
    private readonly Dictionary<int, NDArray[]> gathered = [];
    private readonly string? path;
    private readonly MemoryMappedFile? file;
    private readonly MemoryMappedViewAccessor? view;
    private readonly byte* mapped;

    /// <param name="tensors">The frontier.</param>
    /// <param name="pictures">How many pictures there are.</param>
    /// <param name="memory">The bytes that may lie in memory.</param>
    /// <param name="path">The file that takes the values otherwise; it is removed in the end.</param>
    /// <exception cref="IOException">The disk has no room for the file.</exception>
    public FeatureStore(IReadOnlyList<Tensor> tensors, int pictures, long memory, string path)
    {
        this.tensors = tensors;
        lengths = [.. tensors.Select(tensor => Enumerable.Range(1, tensor.Shape.Rank - 1).Aggregate(1, (product, axis) => product * tensor.Shape[axis]!.Value))];
        rowLength = lengths.Sum();
        filled = new bool[2 * pictures];
        rows = new float[]?[2 * pictures];
        long bytes = 2L * pictures * rowLength * sizeof(float);
        if (bytes <= memory || bytes == 0) return;

        this.path = path;
        // Room is taken now: a mapped page without room on the disk would end the process.
        var stream = new FileStream(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, PreallocationSize = bytes });
        stream.SetLength(bytes);
        file = MemoryMappedFile.CreateFromFile(stream, null, bytes, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        view = file.CreateViewAccessor(0, bytes);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref mapped);
    }

    /// <summary>Whether the values lie in the file.</summary>
    public bool IsMapped => file is not null;

    public IReadOnlyList<Tensor> Tensors => tensors;

    /// <summary>Whether a picture's values are there.</summary>
    public bool Has(int picture, bool mirror) => filled[Place(picture, mirror)];

    /// <summary>Takes a picture's values out of a batch's.</summary>
    public void Put(int picture, bool mirror, NDArray[] values, int row)
    {
        int place = Place(picture, mirror);
        Span<float> to = Row(place);
        for (int i = 0; i < values.Length; i++)
        {
            new ReadOnlySpan<float>((float*)NDArrays.AddressOf(values[i]) + ((long)row * lengths[i]), lengths[i]).CopyTo(to);
            to = to[lengths[i]..];
        }

        filled[place] = true;
    }

    /// <summary>Feeds the frontier with some pictures' values; the arrays are used again by the next call for as many pictures.</summary>
    public void Feed(Feeds feeds, IReadOnlyList<(int Picture, bool Mirror)> pictures)
    {
        if (!gathered.TryGetValue(pictures.Count, out NDArray[]? arrays)) gathered.Add(pictures.Count, arrays = [.. tensors.Select(tensor => Allocate(tensor, pictures.Count))]);
        for (int row = 0; row < pictures.Count; row++)
        {
            ReadOnlySpan<float> from = Row(Place(pictures[row].Picture, pictures[row].Mirror));
            for (int i = 0; i < arrays.Length; i++)
            {
                from[..lengths[i]].CopyTo(new Span<float>((float*)NDArrays.AddressOf(arrays[i]) + ((long)row * lengths[i]), lengths[i]));
                from = from[lengths[i]..];
            }
        }

        for (int i = 0; i < arrays.Length; i++) feeds[tensors[i]] = arrays[i];
    }

    public void Dispose()
    {
        view?.SafeMemoryMappedViewHandle.ReleasePointer();
        view?.Dispose();
        file?.Dispose();
        if (path is not null) File.Delete(path);
    }

    private static NDArray Allocate(Tensor tensor, int count) =>
        NDArrays.Allocate(DType.Float32, [count, .. Enumerable.Range(1, tensor.Shape.Rank - 1).Select(axis => tensor.Shape[axis]!.Value)]);

    private static int Place(int picture, bool mirror) => (2 * picture) + (mirror ? 1 : 0);

    private Span<float> Row(int place) => file is null
        ? (rows[place] ??= new float[rowLength])
        : new Span<float>((float*)mapped + ((long)place * rowLength), rowLength);
}
