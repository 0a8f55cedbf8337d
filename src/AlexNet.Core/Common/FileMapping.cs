using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace AlexNetTF;

/// <summary>
/// A whole file in memory, copy on write: pages are read when they are touched and shared with other processes until this one
/// writes to them; what is written stays here and never reaches the file. The memory stays as long as a part of it is held.
/// </summary>
internal sealed unsafe class FileMapping : IDisposable
{
    private readonly SafeMemoryMappedViewHandle view;

    private FileMapping(SafeMemoryMappedViewHandle view, long length) => (this.view, Length) = (view, length);

    /// <summary>The file's length when it was mapped.</summary>
    public long Length { get; }

    /// <summary>Maps an open file; null where the file system cannot.</summary>
    public static FileMapping? TryOpen(SafeFileHandle file)
    {
        long length = RandomAccess.GetLength(file);
        if (length == 0) return null;
        try
        {
            using MemoryMappedFile mapped = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.CopyOnWrite, HandleInheritability.None, leaveOpen: true);
            return new FileMapping(mapped.CreateViewAccessor(0, length, MemoryMappedFileAccess.CopyOnWrite).SafeMemoryMappedViewHandle, length);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A part of the file; the mapping stays until the last part is freed.</summary>
    public MappedMemory Part(long offset, long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((ulong)offset + (ulong)bytes, (ulong)Length);
        return new MappedMemory(view, offset, bytes);
    }

    public void Dispose() => view.Dispose();
}

/// <summary>A part of a mapped file. Its address has the alignment of its place in the file.</summary>
internal sealed class MappedMemory : OwnedMemory
{
    private readonly SafeMemoryMappedViewHandle view;

    public MappedMemory(SafeMemoryMappedViewHandle view, long offset, long bytes)
        : base(bytes)
    {
        this.view = view;
        bool added = false;
        view.DangerousAddRef(ref added);
        SetHandle(view.DangerousGetHandle() + (nint)offset);
    }

    protected override bool ReleaseHandle()
    {
        view.DangerousRelease();
        return true;
    }
}
