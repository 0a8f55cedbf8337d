using System.Buffers;

namespace AlexNetTF.Imaging;

/// <summary>A file on disk.</summary>
internal sealed class FileImageSource(string path) : ImageSource(path)
{
    internal override DecodedImage Decode(bool autoOrient, ImageLimits limits)
    {
        if (Directory.Exists(Name))
            throw new ImageFormatException(Name, ImageProblem.NotAPicture, "this is a folder; PathSet.Expand finds the pictures in it.");
        using var stream = InputFile.OpenShared(Name, "picture", bufferSize: 0);
        return StreamImageSource.Decode(stream, Name, autoOrient, limits);
    }
}

/// <summary>A stream of encoded bytes.</summary>
internal sealed class StreamImageSource(Stream stream, string name) : ImageSource(name)
{
    internal override DecodedImage Decode(bool autoOrient, ImageLimits limits) => Decode(stream, Name, autoOrient, limits);

    internal static DecodedImage Decode(Stream stream, string name, bool autoOrient, ImageLimits limits)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstRead(stream));
        try
        {
            int count = 0;
            while (stream.Read(buffer.AsSpan(count)) is int read and > 0)
            {
                bool first = count < ImageContainers.HeaderBytes;
                count += read;
                // The head decides before the rest is read: a film of many gigabytes is refused at once.
                if (first && count >= ImageContainers.HeaderBytes)
                    ImageContainers.Require(buffer.AsSpan(0, count), name);
                if (count > limits.MaxBytes)
                    throw new ImageFormatException(name, ImageProblem.TooLarge, $"the file is larger than the limit of {limits.MaxBytes:N0} bytes; raise ImageLimits.MaxBytes to read it.");
                if (count == buffer.Length)
                    Grow(ref buffer, name);
            }

            return ImageDecoder.Decode(buffer.AsMemory(0, count), name, autoOrient, limits);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // One byte more than the stream holds, so that its end is seen without growing; a length beyond 16 MiB is believed
    // only after that much has been read.
    private static int FirstRead(Stream stream) =>
        stream.CanSeek ? (int)Math.Clamp(stream.Length - stream.Position + 1, ImageContainers.HeaderBytes, 1 << 24) : 1 << 16;

    private static void Grow(ref byte[] buffer, string name)
    {
        if (buffer.Length == Array.MaxLength)
            throw new ImageFormatException(name, ImageProblem.TooLarge, $"the file is larger than {Array.MaxLength:N0} bytes.");
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(buffer.Length * 2L, Array.MaxLength));
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}

/// <summary>Encoded bytes in memory.</summary>
internal sealed class BytesImageSource(ReadOnlyMemory<byte> encoded, string name) : ImageSource(name)
{
    internal override DecodedImage Decode(bool autoOrient, ImageLimits limits) => encoded.Length <= limits.MaxBytes
        ? ImageDecoder.Decode(encoded, Name, autoOrient, limits)
        : throw new ImageFormatException(Name, ImageProblem.TooLarge, $"{encoded.Length:N0} bytes exceed the limit of {limits.MaxBytes:N0}; raise ImageLimits.MaxBytes to read it.");
}
