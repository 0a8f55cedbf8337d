using Microsoft.Win32.SafeHandles;

namespace AlexNetTF.Weights;

/// <summary>
/// A file open for positional reads from many threads, and the place where errors about its content are made:
/// each names the file and the byte.
/// </summary>
internal sealed class WeightBytes : IDisposable
{
    private const int HeadLength = 512;

    private readonly SafeFileHandle _handle;
    private readonly Lazy<FileMapping?> _mapping;

    private WeightBytes(string path, SafeFileHandle handle)
    {
        Path = path;
        _handle = handle;
        _mapping = new Lazy<FileMapping?>(() => FileMapping.TryOpen(handle));
        Length = RandomAccess.GetLength(handle);
        Head = new byte[(int)Math.Min(HeadLength, Length)];
        Read(0, Head);
    }

    /// <summary>The file as the caller named it.</summary>
    public string Path { get; }

    public long Length { get; }

    /// <summary>The first bytes, at most 512: what a format is recognised by.</summary>
    public byte[] Head { get; }

    public static WeightBytes Open(string path)
    {
        SafeFileHandle handle = InputFile.OpenHandle(path, "weight file");
        try
        {
            return new WeightBytes(path, handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Fills <paramref name="destination"/> with the bytes from <paramref name="position"/> on.</summary>
    /// <exception cref="FileFormatException">The file ends before.</exception>
    public void Read(long position, Span<byte> destination)
    {
        while (destination.Length > 0)
        {
            int count = RandomAccess.Read(_handle, destination, position);
            if (count == 0)
            {
                throw Error(
                    Math.Min(position, RandomAccess.GetLength(_handle)),
                    $"the file ends, but its content should reach to byte {position + destination.Length:N0}; it is cut short, or changed while it was read");
            }

            destination = destination[count..];
            position += count;
        }
    }

    /// <summary>The bytes from <paramref name="position"/> on as memory that the file is mapped to; null where they do not lie in the file, or it cannot be mapped.</summary>
    public MappedMemory? Map(long position, long length) =>
        _mapping.Value is { } mapping && position >= 0 && length <= mapping.Length - position ? mapping.Part(position, length) : null;

    public FileFormatException Error(long position, string problem, Exception? inner = null) =>
        new(Path, $"at byte {position:N0}: {problem}", inner);

    public void Dispose()
    {
        if (_mapping.IsValueCreated)
        {
            _mapping.Value?.Dispose();
        }

        _handle.Dispose();
    }
}
