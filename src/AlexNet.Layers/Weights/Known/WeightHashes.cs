using System.Security.Cryptography;

namespace AlexNetTF;

/// <summary>The hashes by which published weight files are told, in lower-case hexadecimal digits.</summary>
/// <param name="Sha256">The SHA-256.</param>
/// <param name="Sha1">The SHA-1, which Caffe's model zoo states; it tells files apart but is no protection against forgery.</param>
public sealed record WeightHashes(string Sha256, string Sha1)
{
    private const int Block = 1 << 20;

    /// <summary>Reads a file once for both hashes.</summary>
    internal static WeightHashes Of(string path, CancellationToken token = default)
    {
        using FileStream file = InputFile.OpenShared(path, "weight file", bufferSize: 0);
        return Of(file, token);
    }

    /// <summary>Reads a stream from its start to its end.</summary>
    internal static WeightHashes Of(FileStream file, CancellationToken token = default)
    {
        using IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using IncrementalHash sha1 = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        file.Position = 0;
        byte[] block = new byte[Block];
        for (int count; (count = file.Read(block)) > 0;)
        {
            token.ThrowIfCancellationRequested();
            sha256.AppendData(block, 0, count);
            sha1.AppendData(block, 0, count);
        }

        return new WeightHashes(Convert.ToHexStringLower(sha256.GetHashAndReset()), Convert.ToHexStringLower(sha1.GetHashAndReset()));
    }
}
