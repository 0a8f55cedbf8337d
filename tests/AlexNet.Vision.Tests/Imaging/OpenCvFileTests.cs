using System.Runtime.InteropServices;
using System.Text.Json;
using AlexNetTF.Imaging;
using AlexNetTF.Testing;

namespace AlexNetTF.Vision.Tests.Imaging;

/// <summary>
/// Kinds of files that the golden folder lacks (YCCK, subsampled and progressive CMYK, 16-bit and OS/2 BMP, cut files),
/// as OpenCV 4.6 reads them and OpenCV and Pillow resize them; Data/opencv/expected.json holds the hashes.
/// </summary>
public class OpenCvFileTests
{
    private static string Folder => Path.Combine(Golden.Repository, "tests", "AlexNet.Vision.Tests", "Data", "opencv");

    private static IEnumerable<TestCaseData> Files() => Golden.ReadJson(Path.Combine(Folder, "expected.json")).Get("images").EnumerateObject()
        .Select(entry => new TestCaseData(entry.Name, entry.Value).SetArgDisplayNames(entry.Name));

    [TestCaseSource(nameof(Files))]
    public void DecodesAndResizesAsOpenCvAndPillow(string name, JsonElement expected)
    {
        string path = Path.Combine(Folder, name);
        Assert.That(new FileInfo(path).Length, Is.EqualTo(expected.Long("file_bytes")));
        using DecodedImage image = ImageSource.FromFile(path).Decode(autoOrient: true, ImageLimits.Default);
        Assert.That(new[] { image.Height, image.Width, 3 }, Is.EqualTo(expected.Ints("shape")));
        Assert.That(GoldenImage.Sha256(GoldenImage.Bgr(image)), Is.EqualTo(expected.Text("sha256")));
        foreach (JsonProperty size in expected.Get("resize").EnumerateObject())
        {
            Preprocessing preprocessing = GoldenImage.Size(size.Name);
            Assert.That(Hash(image, preprocessing), Is.EqualTo(size.Value.Text("opencv")), size.Name);
            Assert.That(Hash(image, preprocessing with { Kernel = ResizeKernel.PillowBilinear }), Is.EqualTo(size.Value.Text("pillow")), size.Name);
            float[] floats = GoldenImage.Input(image, preprocessing with { Kernel = ResizeKernel.OpenCvLinearFloat });
            Assert.That(GoldenImage.Sha256(MemoryMarshal.AsBytes(floats.AsSpan())), Is.EqualTo(size.Value.Text("opencv_float32")), size.Name);
        }
    }

    [TestCase("cut.jpg")]
    [TestCase("without_end_marker.jpg")]
    public void ACutJpegHasAWarning(string name) =>
        Assert.That(Loading.Warning(Path.Combine(Folder, name)), Does.Contain("ends early"));

    private static string Hash(DecodedImage image, Preprocessing preprocessing) =>
        GoldenImage.Sha256(GoldenImage.Bytes(GoldenImage.Input(image, preprocessing)));
}
