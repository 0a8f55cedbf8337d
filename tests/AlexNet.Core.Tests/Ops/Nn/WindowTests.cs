using FsCheck.Fluent;

namespace AlexNetTF.Tests.Ops.Nn;

public class WindowTests
{
    /// <summary>The output sizes of the rule against windows that are laid down one by one.</summary>
    [FsCheck.NUnit.Property(MaxTest = 500)]
    public void OutputsAreCountedWindows(byte inputSize, byte kernelSize, byte strideSize, byte dilationSize, bool same)
    {
        int input = inputSize % 40, kernel = 1 + (kernelSize % 11), stride = 1 + (strideSize % 5), dilation = 1 + (dilationSize % 3);
        int extent = ((kernel - 1) * dilation) + 1;
        Window window = Window.Of(input, kernel, stride, dilation, same ? Padding.Same : Padding.Valid, 1);
        int counted = 0;
        for (int start = 0; same ? start < input : start + extent <= input; start += stride) counted++;

        Assert.That(Math.Max(0, window.Output), Is.EqualTo(counted));
        if (same && counted > 0)
        {
            int missing = Math.Max(0, ((counted - 1) * stride) + extent - input);
            Assert.That(window.Before, Is.EqualTo(missing / 2));
        }
        else if (!same)
        {
            Assert.That(window.Before, Is.Zero);
        }
    }

    /// <summary>Explicit padding is the valid rule on a padded picture.</summary>
    [FsCheck.NUnit.Property(MaxTest = 300)]
    public void ExplicitPaddingIsValidOnAPaddedPicture(byte inputSize, byte kernelSize, byte strideSize, byte beforeSize, byte afterSize)
    {
        int input = 1 + (inputSize % 40), kernel = 1 + (kernelSize % 11), stride = 1 + (strideSize % 5), before = beforeSize % 6, after = afterSize % 6;
        Window padded = Window.Of(input, kernel, stride, 1, WindowPadding.Explicit([0, 0, 0, 0, before, after, 0, 0]), 2);
        Window valid = Window.Of(input + before + after, kernel, stride, 1, Padding.Valid, 2);
        Assert.That(padded.Output, Is.EqualTo(valid.Output));
        Assert.That(padded.Before, Is.EqualTo(before));
    }

    // n, k, s → SAME outputs and padding before, VALID outputs.
    [TestCase(227, 11, 4, 57, 4, 55)]
    [TestCase(224, 11, 4, 56, 3, 54)]
    [TestCase(55, 3, 2, 28, 1, 27)]
    [TestCase(56, 3, 2, 28, 0, 27)]
    [TestCase(27, 5, 1, 27, 2, 23)]
    [TestCase(13, 3, 1, 13, 1, 11)]
    [TestCase(5, 1, 2, 3, 0, 3)]
    public void KnownSizes(int n, int k, int s, int same, int before, int valid)
    {
        Assert.That(Window.Of(n, k, s, 1, Padding.Same, 1), Is.EqualTo(new Window(n, k, s, 1, before, same)));
        Assert.That(Window.Of(n, k, s, 1, Padding.Valid, 1).Output, Is.EqualTo(valid));
    }
}
