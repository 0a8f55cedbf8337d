using AlexNetTF.Imaging;
using AlexNetTF.Testing;

namespace AlexNetTF.Vision.Tests.Imaging;

/// <summary>The orientation that a camera stores.</summary>
public class OrientationTests
{
    private static readonly byte[] Tiff6 = [(byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];

    // The picture 1 2 3 / 4 5 6 as each orientation is to be seen, in rows.
    [TestCase(0, 3, "123456")]
    [TestCase(1, 3, "123456")]
    [TestCase(2, 3, "321654")]
    [TestCase(3, 3, "654321")]
    [TestCase(4, 3, "456123")]
    [TestCase(5, 2, "142536")]
    [TestCase(6, 2, "415263")]
    [TestCase(7, 2, "635241")]
    [TestCase(8, 2, "362514")]
    public void TurnsAndMirrors(int orientation, int width, string expected)
    {
        byte[] pixels = [.. "123456".SelectMany(digit => new[] { (byte)(digit - '0'), (byte)0, (byte)0 })];
        using DecodedImage upright = ExifOrientation.Apply(ResizeTests.Image(pixels, 3, 2), orientation);
        Assert.That(upright.Width, Is.EqualTo(width));
        string seen = "";
        foreach (uint pixel in upright.Pixels)
            seen += (char)('0' + (pixel & 255));
        Assert.That(seen, Is.EqualTo(expected));
    }

    [Test]
    public void ReadsTheDirectoryInBothByteOrders()
    {
        byte[] little = [(byte)'I', (byte)'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0];
        Assert.That(ExifOrientation.OfTiff(Tiff6), Is.EqualTo(6));
        Assert.That(ExifOrientation.OfTiff(little), Is.EqualTo(5));
    }

    [TestCase(19, 0, TestName = "value 0")]
    [TestCase(19, 9, TestName = "value 9")]
    [TestCase(13, 4, TestName = "another type")]
    [TestCase(11, 0x13, TestName = "another tag")]
    [TestCase(0, 'X', TestName = "no byte order")]
    [TestCase(7, 200, TestName = "directory beyond the end")]
    [TestCase(9, 0, TestName = "no entries")]
    public void AnInvalidOrientationIsNone(int at, int value)
    {
        byte[] changed = [.. Tiff6];
        changed[at] = (byte)value;
        Assert.That(ExifOrientation.OfTiff(changed), Is.EqualTo(1));
    }

    [Test]
    public void TornDataIsNone()
    {
        for (int length = 0; length < 20; length++)
            Assert.That(ExifOrientation.OfTiff(Tiff6.AsSpan(0, length)), Is.EqualTo(1), length.ToString());
    }

    [TestCase("golden/images/jpeg_orientation6.jpg")]
    [TestCase("golden/images/exif6.png")]
    [TestCase("AlexNet.Vision.Tests/Data/opencv/exif8_little_endian.png")]
    public void WithoutAutoOrientThePixelsAreAsStored(string file)
    {
        ImageSource source = ImageSource.FromFile(Path.Combine(Golden.Repository, "tests", file));
        using DecodedImage upright = source.Decode(autoOrient: true, ImageLimits.Default);
        using DecodedImage stored = source.Decode(autoOrient: false, ImageLimits.Default);
        Assert.That((stored.Width, stored.Height), Is.EqualTo((upright.Height, upright.Width)));
    }
}
