using AlexNetTF.Imaging;
using AlexNetTF.Testing;
using NumSharp;
using SkiaSharp;

namespace AlexNetTF.Vision.Tests.Drawing;

/// <summary>Annotated pictures, grids of activations and filters, the built-in font.</summary>
public class DrawingTests
{
    private static readonly Prediction[] Predictions =
    [
        new("zebra", 340, 0.9984f), new("Löwe, 斑马", 1, 0.0011f), new("a name that is far too long to fit into the width of any picture that is drawn here", 2, 0.0003f),
    ];

    private static readonly SystemGlyphs None = new(_ => null);

    [Test]
    public void EveryAsciiCharacterHasAGlyphOfItsOwn()
    {
        HashSet<string> seen = [];
        for (char c = ' '; c < 127; c++)
            Assert.That(seen.Add(Art(c.ToString())), $"{c} looks like another character");
        Assert.That(Art("T"), Is.EqualTo("#####/..#../..#../..#../..#../..#../..#../...../....."));
        Assert.That(Art("ü"), Is.EqualTo(Art("u")));
        Assert.That(Art("马"), Is.EqualTo("#####/#...#/#...#/#...#/#...#/#...#/#####/...../....."));
        Assert.That(seen, Does.Not.Contain(Art("马")));
    }

    [Test]
    public void OtherScriptsUseASystemsFontWhereThereIsOne()
    {
        // Any font will do as the system's; where the machine has no file of one there is nothing to see.
        string? file = Directory.Exists("/usr/share/fonts") ? Directory.EnumerateFiles("/usr/share/fonts", "DejaVuSans.ttf", SearchOption.AllDirectories).FirstOrDefault() : null;
        using SKTypeface? typeface = file is null ? null : SKTypeface.FromFile(file);
        var font = new BitmapFont(new SystemGlyphs(_ => typeface));
        using DecodedImage image = Canvas.Create(60, 20, 0);
        font.Draw(new Canvas(image), "Ж", 0, 0, 2, 0xFFFF_FFFF);
        Assert.That(image.Pixels.ToArray().Distinct().Count(), typeface is null ? Is.EqualTo(2) : Is.GreaterThan(2));
        Assert.That(font.Measure("Ж", 2), typeface is null ? Is.EqualTo(12) : Is.InRange(13, 30));
        Assert.That(font.Measure("马", 2), Is.EqualTo(12), "a character that the font lacks is a box");
    }

    [Test]
    public void LongTextIsCut()
    {
        var font = new BitmapFont(None);
        Assert.That(font.Fit("zebra", 30, 1), Is.EqualTo("zebra"));
        Assert.That(font.Fit("zebra", 29, 1), Is.EqualTo("ze.."));
        Assert.That(font.Fit("tench, Tinca", 6 * 9, 1), Is.EqualTo("tench.."));
        Assert.That(font.Fit("zebra", 3, 1), Is.EqualTo(".."));
    }

    [TestCase("zebra.png")]
    [TestCase("zebra.JPG")]
    [TestCase("zebra.webp")]
    public void AnnotatesInTheFormatOfTheName(string name)
    {
        using var folder = new TempFolder();
        string path = folder["annotated/" + name];
        Annotation.Save(Golden.Photograph("zebra"), Predictions, path);
        using DecodedImage original = ImageSource.FromFile(Golden.Photograph("zebra")).Decode(true, ImageLimits.Default);
        using DecodedImage drawn = ImageSource.FromFile(path).Decode(true, ImageLimits.Default);
        Assert.That((drawn.Width, drawn.Height), Is.EqualTo((original.Width, original.Height)));
        Assert.That(drawn.Row(5).ToArray(), Is.Not.EqualTo(original.Row(5).ToArray()));
        if (name.EndsWith("png", StringComparison.Ordinal))
            Assert.That(drawn.Row(374).ToArray(), Is.EqualTo(original.Row(374).ToArray()), "below the text nothing changes");
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(path)!), Has.Length.EqualTo(1), "no temporary file is left");
    }

    [Test]
    public void ASmallPictureIsEnlarged()
    {
        using DecodedImage image = ResizeTestsImage(28, 28);
        using DecodedImage drawn = Annotation.Draw(image, Predictions);
        Assert.That((drawn.Width, drawn.Height), Is.EqualTo((280, 280)));
        Assert.That(drawn.Row(279).ToArray(), Is.EqualTo(image.Row(27).ToArray().SelectMany(pixel => Enumerable.Repeat(pixel, 10))));
    }

    [TestCase(1, 1)]
    [TestCase(3, 200)]
    [TestCase(2000, 2)]
    public void OddShapesAndNoPredictionsAreFine(int width, int height)
    {
        using DecodedImage image = ResizeTestsImage(width, height);
        using DecodedImage drawn = Annotation.Draw(image, Predictions);
        using DecodedImage empty = Annotation.Draw(image, []);
        Assert.That(drawn.Width, Is.EqualTo(empty.Width).And.GreaterThanOrEqualTo(256));
    }

    [Test]
    public void ActivationsAreTilesFromBlackToWhite()
    {
        // Two channels of 2×2; the second is constant.
        using DecodedImage grid = TileGrid.Activations([-1, 5, 0, 5, 1, 5, 3, 5], [1, 2, 2, 2], "grid.png");
        Assert.That((grid.Width, grid.Height), Is.EqualTo(((2 * 17) + 1, 17 + 1)), "two columns, every pixel a square of 8");
        uint[] first = [grid.Row(1)[1], grid.Row(1)[16], grid.Row(16)[1], grid.Row(16)[16]];
        Assert.That(first, Is.EqualTo(new uint[] { 0xFF00_0000, 0xFF40_4040, 0xFF80_8080, 0xFFFF_FFFF }));
        Assert.That(grid.Row(9)[18..34].ToArray(), Is.All.EqualTo(0xFF00_0000));
    }

    [Test]
    public void AVectorIsOneTile()
    {
        using DecodedImage grid = TileGrid.Activations([0, 1, 2, 3, 4], [1, 5], "grid.png");
        Assert.That((grid.Width, grid.Height), Is.EqualTo(((3 * 8) + 2, (2 * 8) + 2)));
        Assert.That(grid.Row(16)[9], Is.EqualTo(0xFFFF_FFFF));
    }

    [Test]
    public void FiltersAreColoured()
    {
        // One pixel, three channels, two filters.
        using DecodedImage bgr = TileGrid.Filters([1, 0, 0, 0, -1, 0], [1, 1, 3, 2], ChannelOrder.Bgr, "grid.png");
        using DecodedImage rgb = TileGrid.Filters([1, 0, 0, 0, -1, 0], [1, 1, 3, 2], ChannelOrder.Rgb, "grid.png");
        Assert.That(bgr.Row(1)[1], Is.EqualTo(0xFF00_80FF));
        Assert.That(rgb.Row(1)[1], Is.EqualTo(0xFFFF_8000));
        Assert.That(bgr.Row(1)[10], Is.EqualTo(0xFF80_8080), "a filter of zeros is grey");
    }

    [Test]
    public void GridsAreWrittenFromArrays()
    {
        using var folder = new TempFolder();
        using NDArray activations = new(Enumerable.Range(0, 6 * 6 * 10).Select(i => (float)i).ToArray(), new NumSharp.Shape(1, 6, 6, 10));
        using NDArray filters = new(Enumerable.Range(0, 11 * 11 * 3 * 4).Select(i => i - 700f).ToArray(), new NumSharp.Shape(11, 11, 3, 4));
        FeatureImages.SaveActivations(activations, folder["a.png"]);
        FeatureImages.SaveFilters(filters, folder["f.png"]);
        using DecodedImage a = ImageSource.FromFile(folder["a.png"]).Decode(true, ImageLimits.Default);
        using DecodedImage f = ImageSource.FromFile(folder["f.png"]).Decode(true, ImageLimits.Default);
        Assert.That((a.Width, a.Height), Is.EqualTo(((4 * 49) + 1, (3 * 49) + 1)));
        Assert.That((f.Width, f.Height), Is.EqualTo(((2 * 89) + 1, (2 * 89) + 1)));
    }

    [Test]
    public void WhatCannotBeDrawnIsRefused()
    {
        using var folder = new TempFolder();
        using NDArray wrongShape = new(new float[4], new NumSharp.Shape(2, 2));
        using NDArray wrongType = new(new double[4], new NumSharp.Shape(1, 4));
        using NDArray infinite = new(new[] { 0f, float.NaN }, new NumSharp.Shape(1, 2));
        using NDArray fine = new(new float[2], new NumSharp.Shape(1, 2));
        Assert.That(Fails(() => FeatureImages.SaveActivations(wrongShape, folder["x.png"])), Does.Contain("[2, 2]"));
        Assert.That(Fails(() => FeatureImages.SaveActivations(wrongType, folder["x.png"])), Does.Contain("float32, not Double"));
        Assert.That(Fails(() => FeatureImages.SaveActivations(infinite, folder["x.png"])), Does.Contain("value 1 is NaN"));
        Assert.That(Fails(() => FeatureImages.SaveFilters(fine, folder["x.png"])), Does.Contain("no colours"));
        Assert.That(Fails(() => FeatureImages.SaveActivations(fine, folder["x.bmp"])), Does.Contain(".bmp"));
        Assert.That(Fails(() => Annotation.Save(Golden.Photograph("zebra"), Predictions, folder["x"])), Does.Contain(".png"));
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
    }

    private static string Fails(Action action) => Assert.Throws<AlexNetException>(action)!.Message;

    private static DecodedImage ResizeTestsImage(int width, int height) => Imaging.ResizeTests.Image(Imaging.ResizeTests.Noise(width, height), width, height);

    private static string Art(string text)
    {
        using DecodedImage image = Canvas.Create(5, BitmapFont.Height, 0);
        new BitmapFont(None).Draw(new Canvas(image), text, 0, 0, 1, 0xFFFF_FFFF);
        return string.Join('/', Enumerable.Range(0, image.Height).Select(y => string.Concat(image.Row(y).ToArray().Select(pixel => pixel == 0xFFFF_FFFF ? '#' : '.'))));
    }
}
