using AlexNetTF.Datasets;
using AlexNetTF.Imaging;

namespace AlexNetTF;

/// <summary>
/// Random changes of training pictures. Every decision is a function of seed, epoch and the picture's number in the data set,
/// and does not depend on which other changes are on, so that a resumed run repeats the uninterrupted one.
/// </summary>
public sealed record Augmentation
{
    /// <summary>No change.</summary>
    public static Augmentation None { get; } = new();

    /// <summary>The article's: half of the pictures are mirrored.</summary>
    public static Augmentation Article { get; } = new() { Flip = true };

    /// <summary>Whether left and right change places in half of the pictures, before they are resized.</summary>
    public bool Flip { get; init; }

    /// <summary>The smallest share of a picture's area that is cut out, above 0; 1 unless set, which is the whole picture.</summary>
    public double CropMinArea { get; init; } = 1;

    /// <summary>The largest share of a picture's area that is cut out. The crop keeps the picture's proportions, lies anywhere, and is then resized as a picture would be.</summary>
    public double CropMaxArea { get; init; } = 1;

    /// <summary>b: 255·u is added to all channels, u between −b and b; 0 to 1.</summary>
    public double Brightness { get; init; }

    /// <summary>c: the distance from middle grey (127.5) is multiplied by a factor between 1 − c and 1 + c; 0 to 1. The result is kept within 0 to 255.</summary>
    public double Contrast { get; init; }

    /// <summary>Whether mirroring is the only change: then a picture has but two variants.</summary>
    internal bool OnlyFlips => CropMinArea == 1 && Brightness == 0 && Contrast == 0;

    /// <summary>Changes by the names that the tool uses, comma separated: <c>flip</c>; <c>crop</c>, 60 to 100 % of the area; <c>color</c>, brightness and contrast by up to 20 %; <c>none</c>.</summary>
    /// <exception cref="AlexNetException">There is no such change.</exception>
    public static Augmentation FromNames(string names)
    {
        ArgumentNullException.ThrowIfNull(names);
        Augmentation result = None;
        foreach (string name in names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            result = name.ToUpperInvariant() switch
            {
                "NONE" => result,
                "FLIP" => result with { Flip = true },
                "CROP" => result with { CropMinArea = 0.6, CropMaxArea = 1 },
                "COLOR" or "COLOUR" => result with { Brightness = 0.2, Contrast = 0.2 },
                _ => throw new AlexNetException($"There is no augmentation \"{name}\"; there are flip, crop and color, and none."),
            };
        }

        return result;
    }

    /// <summary>This, or the error that names the property that is out of range.</summary>
    /// <exception cref="AlexNetException">A property is out of range.</exception>
    internal Augmentation Validated()
    {
        if (!(CropMinArea > 0 && CropMinArea <= CropMaxArea && CropMaxArea <= 1))
            throw new AlexNetException($"Augmentation.CropMinArea is {CropMinArea} and CropMaxArea {CropMaxArea}: shares of the area are needed, above 0, not above 1, the smaller one first.");
        RequireShare(nameof(Brightness), Brightness);
        RequireShare(nameof(Contrast), Contrast);
        return this;
    }

    /// <summary>The decisions for one picture in one epoch.</summary>
    internal AugmentedItem Decide(int index, long seed, int epoch)
    {
        // Every number is drawn, whether it is used or not: so one option does not move the others.
        var random = new SeededRandom(seed, epoch, index);
        bool mirror = (random.Next() >> 63) != 0;
        double area = random.NextDouble(), x = random.NextDouble(), y = random.NextDouble();
        double brightness = (2 * random.NextDouble()) - 1, contrast = (2 * random.NextDouble()) - 1;
        double scale = CropMinArea == 1 ? 0 : Math.Sqrt(CropMinArea + ((CropMaxArea - CropMinArea) * area));
        return new(index, Flip && mirror, new(scale, scale == 0 ? 0 : x, scale == 0 ? 0 : y, (float)(brightness * Brightness), (float)(contrast * Contrast)));
    }

    private static void RequireShare(string property, double value)
    {
        if (!(value is >= 0 and <= 1))
            throw new AlexNetException($"Augmentation.{property} is {value}: it must be 0 to 1.");
    }
}

/// <summary>What becomes of a picture of a data set in one epoch.</summary>
/// <param name="Index">The picture's number in the data set.</param>
/// <param name="Mirror">Whether left and right change places before the resize.</param>
/// <param name="Jitter">The other changes.</param>
internal readonly record struct AugmentedItem(int Index, bool Mirror, ImageJitter Jitter = default);
