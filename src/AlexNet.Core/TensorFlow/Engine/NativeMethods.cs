using System.Runtime.InteropServices;

namespace AlexNetTF.TensorFlow;

/// <summary>An output of an operation, as the C API passes it by value.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct NativeOutput(nint Operation, int Index);

/// <summary>Bytes that the library or the caller owns.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NativeBuffer(nint data, nuint length)
{
    public readonly nint Data = data;
    public readonly nuint Length = length;
    public readonly nint Deallocator;
}

/// <summary>The functions of TensorFlow's C API that this library calls (c_api.h). Call <see cref="TensorFlowLibrary.Require"/> first.</summary>
internal static unsafe partial class NativeMethods
{
    /// <summary>The name that the resolver answers to; no file of this name is looked for as it stands.</summary>
    public const string Library = "alexnet-tensorflow";

    [LibraryImport(Library)]
    public static partial nint TF_Version();

    [LibraryImport(Library)]
    public static partial StatusHandle TF_NewStatus();

    [LibraryImport(Library)]
    public static partial void TF_DeleteStatus(nint status);

    [LibraryImport(Library)]
    public static partial int TF_GetCode(StatusHandle status);

    [LibraryImport(Library)]
    public static partial nint TF_Message(StatusHandle status);

    [LibraryImport(Library)]
    public static partial NativeBuffer* TF_NewBuffer();

    [LibraryImport(Library)]
    public static partial void TF_DeleteBuffer(NativeBuffer* buffer);

    [LibraryImport(Library)]
    public static partial GraphHandle TF_NewGraph();

    [LibraryImport(Library)]
    public static partial void TF_DeleteGraph(nint graph);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void TF_GraphGetOpDef(GraphHandle graph, string type, NativeBuffer* definition, StatusHandle status);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint TF_NewOperation(GraphHandle graph, string type, string name);

    [LibraryImport(Library)]
    public static partial nint TF_FinishOperation(nint description, StatusHandle status);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void TF_SetDevice(nint description, string device);

    [LibraryImport(Library)]
    public static partial void TF_AddInput(nint description, NativeOutput input);

    [LibraryImport(Library)]
    public static partial void TF_AddInputList(nint description, NativeOutput* inputs, int count);

    [LibraryImport(Library)]
    public static partial void TF_AddControlInput(nint description, nint operation);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void TF_SetAttrType(nint description, string name, int value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void TF_SetAttrTypeList(nint description, string name, int* values, int count);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void TF_SetAttrInt(nint description, string name, long value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void TF_SetAttrIntList(nint description, string name, long* values, int count);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void TF_SetAttrFloat(nint description, string name, float value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void TF_SetAttrBool(nint description, string name, byte value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void TF_SetAttrShape(nint description, string name, long* dims, int rank);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void TF_SetAttrString(nint description, string name, byte* value, nuint length);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void TF_SetAttrStringList(nint description, string name, byte** values, nuint* lengths, int count);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void TF_SetAttrTensor(nint description, string name, TensorHandle value, StatusHandle status);

    [LibraryImport(Library)]
    public static partial TensorHandle TF_AllocateTensor(int type, long* dims, int rank, nuint bytes);

    [LibraryImport(Library)]
    public static partial TensorHandle TF_NewTensor(int type, long* dims, int rank, void* data, nuint bytes, delegate* unmanaged<void*, nuint, void*, void> deallocator, void* argument);

    [LibraryImport(Library)]
    public static partial void TF_DeleteTensor(nint tensor);

    [LibraryImport(Library)]
    public static partial int TF_TensorType(TensorHandle tensor);

    [LibraryImport(Library)]
    public static partial int TF_NumDims(TensorHandle tensor);

    [LibraryImport(Library)]
    public static partial long TF_Dim(TensorHandle tensor, int index);

    [LibraryImport(Library)]
    public static partial nuint TF_TensorByteSize(TensorHandle tensor);

    [LibraryImport(Library)]
    public static partial void* TF_TensorData(TensorHandle tensor);

    [LibraryImport(Library)]
    public static partial SessionOptionsHandle TF_NewSessionOptions();

    [LibraryImport(Library)]
    public static partial void TF_DeleteSessionOptions(nint options);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void TF_SetTarget(SessionOptionsHandle options, string target);

    [LibraryImport(Library)]
    public static partial void TF_SetConfig(SessionOptionsHandle options, byte* config, nuint length, StatusHandle status);

    [LibraryImport(Library)]
    public static partial SessionHandle TF_NewSession(GraphHandle graph, SessionOptionsHandle options, StatusHandle status);

    [LibraryImport(Library)]
    public static partial void TF_CloseSession(nint session, StatusHandle status);

    [LibraryImport(Library)]
    public static partial void TF_DeleteSession(nint session, StatusHandle status);

    [LibraryImport(Library)]
    public static partial void TF_SessionRun(
        SessionHandle session,
        NativeBuffer* runOptions,
        NativeOutput* inputs,
        nint* inputValues,
        int inputCount,
        NativeOutput* outputs,
        nint* outputValues,
        int outputCount,
        nint* targets,
        int targetCount,
        NativeBuffer* runMetadata,
        StatusHandle status);

    [LibraryImport(Library)]
    public static partial DeviceListHandle TF_SessionListDevices(SessionHandle session, StatusHandle status);

    [LibraryImport(Library)]
    public static partial void TF_DeleteDeviceList(nint list);

    [LibraryImport(Library)]
    public static partial int TF_DeviceListCount(DeviceListHandle list);

    [LibraryImport(Library)]
    public static partial nint TF_DeviceListName(DeviceListHandle list, int index, StatusHandle status);

    [LibraryImport(Library)]
    public static partial nint TF_DeviceListType(DeviceListHandle list, int index, StatusHandle status);

    [LibraryImport(Library)]
    public static partial long TF_DeviceListMemoryBytes(DeviceListHandle list, int index, StatusHandle status);

    [LibraryImport(Library)]
    public static partial nint TF_NewServer(byte* definition, nuint length, StatusHandle status);

    [LibraryImport(Library)]
    public static partial void TF_ServerStart(nint server, StatusHandle status);

    [LibraryImport(Library)]
    public static partial void TF_ServerJoin(nint server, StatusHandle status);

    [LibraryImport(Library)]
    public static partial nint TF_ServerTarget(nint server);
}
