using System.Runtime.InteropServices;
using System.Text.Json;
using AlexNetTF.Imaging;
using AlexNetTF.Testing;

namespace AlexNetTF.Vision.Tests.Imaging;

/// <summary>The photographs through OpenCV's, TensorFlow's and torchvision's preprocessing.</summary>
public class GoldenPhotographTests
{
    private static readonly string[] MeanEntries = ["article_mean", "imagenet_mean_bgr"];

    private static IEnumerable<TestCaseData> Photographs() => GoldenImage.Entries("images/photos.json");

    private static IEnumerable<TestCaseData> TensorFlow() => GoldenImage.Entries("images/tf_pipeline.json");

    private static IEnumerable<TestCaseData> Torchvision() => Golden.Files("alexnet", "owt-*.json");

    [TestCaseSource(nameof(Photographs))]
    public void DecodesAndResizesAsOpenCv(object argument)
    {
        var entry = (ImageEntry)argument;
        using DecodedImage image = entry.Decode();
        Assert.That(GoldenImage.Sha256(GoldenImage.Bgr(image)), Is.EqualTo(entry.Value.Get("imread").Text("sha256")));
        foreach (JsonProperty size in entry.Value.Get("resize").EnumerateObject())
        {
            byte[] bytes = GoldenImage.Bytes(GoldenImage.Input(image, GoldenImage.Size(size.Name)));
            Assert.That(GoldenImage.Sha256(bytes), Is.EqualTo(size.Value.Text("sha256")), size.Name);
        }

        foreach (JsonProperty size in entry.Value.Get("flip_then_resize").EnumerateObject())
        {
            byte[] bytes = GoldenImage.Bytes(GoldenImage.Input(image, GoldenImage.Size(size.Name), mirror: true));
            Assert.That(GoldenImage.Sha256(bytes), Is.EqualTo(size.Value.GetString()), "mirrored " + size.Name);
        }
    }

    [TestCaseSource(nameof(Photographs))]
    public void SubtractsTheMean(object argument)
    {
        var entry = (ImageEntry)argument;
        using DecodedImage image = entry.Decode();
        foreach (JsonElement expected in MeanEntries.Select(name => entry.Value.Get(name)))
        {
            double[] mean = [.. expected.Get("mean_bgr").EnumerateArray().Select(value => value.AsDouble())];
            float[] values = GoldenImage.Input(image, GoldenImage.Size(expected.Text("size")) with { Mean = new(mean[0], mean[1], mean[2]) });
            JsonElement sample = expected.Get("sample");
            int count = sample.GetArrayLength();
            float[] actual = [.. Enumerable.Range(0, count).Select(j => values[GoldenImage.Index(j, count, values.Length)])];
            Assert.That(actual, Is.EqualTo(sample.EnumerateArray().Select(value => value.AsFloat())));
            double[] sums = [.. Enumerable.Range(0, 3).Select(c => values.Where((_, i) => i % 3 == c).Sum(value => (double)value))];
            Assert.That(sums, Is.EqualTo(expected.Get("channel_sums").EnumerateArray().Select(value => value.AsDouble())).Within(1e-4));
        }
    }

    [Test]
    public void TheDefaultPresetIsTheMeanThatTheDataGeneratorSubtracts()
    {
        Assert.That(Preprocessing.Bvlc, Is.EqualTo(new Preprocessing { Width = 227, Height = 227, Mean = new(104, 117, 124) }));
        Assert.That(Preprocessing.Article, Is.EqualTo(Preprocessing.Bvlc with { Mean = default }));
    }

    [TestCaseSource(nameof(TensorFlow))]
    public void EqualsTensorFlowsAccurateDecoderAndResize(object argument)
    {
        var entry = (ImageEntry)argument;
        using DecodedImage image = entry.Decode();
        JsonElement decoded = entry.Value.Get("decode_jpeg_integer_accurate");
        int[] shape = decoded.Ints("shape");
        Preprocessing asIs = new() { Channels = ChannelOrder.Rgb, Width = shape[1], Height = shape[0] };
        Assert.That(GoldenImage.Sha256(GoldenImage.Bytes(GoldenImage.Input(image, asIs))), Is.EqualTo(decoded.Text("sha256")));

        JsonElement resized = entry.Value.Get("resize_images_of_accurate");
        shape = resized.Ints("shape");
        float[] values = GoldenImage.Input(image, asIs with { Kernel = ResizeKernel.TensorFlowBilinear, Width = shape[1], Height = shape[0] });
        int[] indices = resized.Ints("sample_index");
        Assert.That(indices.Select(i => values[i]), Is.EqualTo(resized.Get("sample").EnumerateArray().Select(value => value.AsFloat())));
        Assert.That(GoldenImage.Sha256(MemoryMarshal.AsBytes(values.AsSpan())), Is.EqualTo(resized.Text("sha256_f32")));
    }

    [TestCaseSource(nameof(Torchvision))]
    public void EqualsTorchvisionsPreprocessing(string path)
    {
        JsonElement root = Golden.ReadJson(path);
        JsonElement input = root.Get("activations").Get("input");
        int[] shape = input.Ints("shape");
        using DecodedImage image = ImageSource.FromFile(Golden.Photograph(root.Text("photo"))).Decode(autoOrient: true, ImageLimits.Default);
        float[] values = GoldenImage.Input(image, Preprocessing.Torchvision);
        Assert.That(shape, Is.EqualTo(new[] { 1, 3, Preprocessing.Torchvision.Height, Preprocessing.Torchvision.Width }));
        int stride = input.Int("stride");
        // The file's layout is [1, 3, H, W]; the printed numbers have nine digits.
        int plane = shape[2] * shape[3];
        float[] sample = [.. input.Get("sample").EnumerateArray().Select(value => value.AsFloat())];
        float[] actual = [.. Enumerable.Range(0, sample.Length).Select(j => values[((j * stride) % plane * 3) + (j * stride / plane)])];
        Assert.That(actual, Is.EqualTo(sample));
    }
}
