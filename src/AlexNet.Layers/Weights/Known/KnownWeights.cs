namespace AlexNetTF;

/// <summary>The published weight files of AlexNet and its relatives: their sources, their hashes, and a way to fetch them.</summary>
public static class KnownWeights
{
    /// <summary>All that are known.</summary>
    public static IReadOnlyList<KnownWeightFile> All { get; } =
    [
        new()
        {
            Name = "bvlc_alexnet",
            FileName = "bvlc_alexnet.npy",
            Description = "BVLC's AlexNet, converted for TensorFlow as a pickled dictionary; the file that the article uses",
            Source = new Uri("https://www.cs.toronto.edu/~guerzhoy/tf_alexnet/bvlc_alexnet.npy"),
            Topology = "Bvlc",
            Sha256 = "1294ef51496c52f2e4879ee3b5e1da22c35d61f3240937491b4469403d5428cc",
            Remark = "only one public project states this hash",
        },
        new()
        {
            Name = "bvlc_alexnet_caffe",
            FileName = "bvlc_alexnet.caffemodel",
            Description = "BVLC's AlexNet as Caffe saved it",
            Source = new Uri("http://dl.caffe.berkeleyvision.org/bvlc_alexnet.caffemodel"),
            Topology = "Bvlc",
            Sha1 = "9116a64c0fbe4459d18f4bb6b56d647b63920377",
            Remark = "the source has no TLS; the hash decides",
        },
        new()
        {
            Name = "bvlc_reference_caffenet",
            FileName = "bvlc_reference_caffenet.caffemodel",
            Description = "BVLC's reference CaffeNet, AlexNet with pooling before normalisation, as in the article",
            Source = new Uri("http://dl.caffe.berkeleyvision.org/bvlc_reference_caffenet.caffemodel"),
            Topology = "Article",
            Sha1 = "4c8d77deb20ea792f84eb5e6d0a11ca0a8660a46",
            Remark = "the source has no TLS; the hash decides",
        },
        new()
        {
            Name = "bvlcalexnet-12",
            FileName = "bvlcalexnet-12.onnx",
            Description = "BVLC's AlexNet in the ONNX model zoo; its own graph takes 224×224 pictures and pads",
            Source = new Uri("https://github.com/onnx/models/raw/main/validated/vision/classification/alexnet/model/bvlcalexnet-12.onnx"),
            Topology = "Bvlc",
            Sha256 = "6b0da9510f27f234ee96a85dc3809dd210150fdefad87f6850f9788513216945",
        },
        new()
        {
            Name = "alexnet-owt",
            FileName = "alexnet-owt-7be5be79.pth",
            Description = "torchvision's AlexNet, the one-column network of 'One weird trick'",
            Source = new Uri("https://download.pytorch.org/models/alexnet-owt-7be5be79.pth"),
            Topology = "OneWeirdTrick",
            Sha256 = "7be5be79",
            Remark = "only the first digits of the hash are published, in the file's name",
        },
    ];

    /// <summary>
    /// The folder that <see cref="EnsureAsync(string, IProgress{WeightDownloadProgress}?, CancellationToken)"/> fills: alexnet-tf below XDG_CACHE_HOME, else below the user's
    /// ~/.cache on Linux and the local application data on Windows and macOS.
    /// </summary>
    public static string CacheFolder
    {
        get
        {
            string? cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            if (string.IsNullOrEmpty(cache) || !Path.IsPathRooted(cache))
            {
                cache = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()
                    ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                    : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            }

            return Path.Combine(cache, "alexnet-tf");
        }
    }

    /// <summary>The known file with a name or file name.</summary>
    /// <exception cref="AlexNetException">None has it; the message lists those that are known.</exception>
    public static KnownWeightFile Find(string name) =>
        All.FirstOrDefault(file => string.Equals(file.Name, name, StringComparison.OrdinalIgnoreCase) || string.Equals(file.FileName, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new AlexNetException($"'{name}' is no known weight file. Known are: {string.Join(", ", All.Select(file => file.Name))}.");

    /// <summary>
    /// Makes sure that a known file is in the user's cache: returns its path at once where it is, else fetches it,
    /// goes on with a download that broke off, and gives the file its name only when its hash is right.
    /// </summary>
    /// <param name="name">The name of a known file.</param>
    /// <param name="progress">Learns source and size first, then the bytes received.</param>
    /// <param name="cancellationToken">Stops the download; what was received stays for the next time.</param>
    /// <returns>The file's path.</returns>
    /// <exception cref="AlexNetException">The name is unknown.</exception>
    /// <exception cref="WeightDownloadException">The server fails, or sends something other than the known file.</exception>
    public static Task<string> EnsureAsync(
        string name, IProgress<WeightDownloadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        EnsureAsync(name, CacheFolder, progress, cancellationToken);

    /// <summary>As <see cref="EnsureAsync(string, IProgress{WeightDownloadProgress}?, CancellationToken)"/>, in a folder of the caller's choice.</summary>
    public static Task<string> EnsureAsync(
        string name, string folder, IProgress<WeightDownloadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        new WeightDownload(Find(name), folder, progress).RunAsync(cancellationToken);

    /// <summary>Compares a file's hashes with those of the known files.</summary>
    /// <exception cref="InputFileException">There is no such file, or it may not be read.</exception>
    public static WeightVerification Verify(string path, CancellationToken cancellationToken = default)
    {
        WeightHashes hashes = WeightHashes.Of(path, cancellationToken);
        return new WeightVerification(path, Kind(path), hashes, All.FirstOrDefault(file => file.Matches(hashes)));
    }

    private static string? Kind(string path)
    {
        try
        {
            using WeightSource source = WeightFile.Open(path);
            return source.Kind;
        }
        catch (FileFormatException)
        {
            // No weights: the hashes are reported all the same.
            return null;
        }
    }
}
