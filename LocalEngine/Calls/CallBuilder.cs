using System.Reflection;
using System.Reflection.Emit;

namespace Shortline.LocalEngine;

/// <summary>
/// Emits the class of the calls of one method: a field per argument, <c>Invoke</c> that passes them on, and for calls that are used
/// again <c>Recycle</c>.
/// </summary>
internal static class CallBuilder
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    public static CallClass Build(ModuleBuilder module, MethodInfo method, GrainMethod description, int number)
    {
        if (method.IsGenericMethodDefinition)
        {
            throw new NotSupportedException($"{description.Name} is generic: grain methods here are not.");
        }

        var shape = ReturnShape.Of(method, description);
        var type = module.DefineType($"{method.Name}Call{number}", TypeAttributes.Public | TypeAttributes.Sealed, shape.CallBase);
        var constructor = type.DefineDefaultConstructor(MethodAttributes.Public);
        var arguments = method.GetParameters()
            .Select((parameter, index) => (FieldInfo)type.DefineField($"Argument{index}", parameter.ParameterType, FieldAttributes.Public))
            .ToArray();
        DefineInvoke(type, method, arguments, shape);
        if (shape.IsPooled)
        {
            DefineRecycle(type, arguments);
        }

        var created = type.CreateType();
        return new CallClass(
            created,
            [.. arguments.Select(field => created.GetField(field.Name)!)],
            il => EmitNew(il, created, shape.IsPooled),
            shape.Send,
            shape.ReturnedInstead);
    }

    private static void DefineInvoke(TypeBuilder type, MethodInfo method, FieldInfo[] arguments, ReturnShape shape)
    {
        var overridden = shape.CallBase.GetMethod(nameof(Call<>.Invoke), Any)!;
        var il = Override(type, overridden);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Castclass, method.DeclaringType!);
        foreach (var argument in arguments)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, argument);
        }

        il.Emit(OpCodes.Callvirt, method);
        if (shape.ToValueTask is { } convert)
        {
            il.Emit(OpCodes.Call, convert);
        }

        il.Emit(OpCodes.Ret);
    }

    private static void DefineRecycle(TypeBuilder type, FieldInfo[] arguments)
    {
        var il = Override(type, typeof(ValueTaskCall<Unit>).GetMethod(nameof(ValueTaskCall<>.Recycle))!);
        foreach (var argument in arguments)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldflda, argument);
            il.Emit(OpCodes.Initobj, argument.FieldType);
        }

        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, TypeBuilder.GetMethod(
            typeof(CallPool<>).MakeGenericType(type), typeof(CallPool<>).GetMethod(nameof(CallPool<>.Return), Any)!));
        il.Emit(OpCodes.Ret);
    }

    private static ILGenerator Override(TypeBuilder type, MethodInfo method) => type.DefineMethod(
        method.Name,
        MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig,
        method.ReturnType,
        [.. method.GetParameters().Select(parameter => parameter.ParameterType)]).GetILGenerator();

    private static void EmitNew(ILGenerator il, Type type, bool isPooled)
    {
        var constructor = type.GetConstructor([])!;
        if (!isPooled)
        {
            il.Emit(OpCodes.Newobj, constructor);
            return;
        }

        var rented = il.DefineLabel();
        il.Emit(OpCodes.Call, typeof(CallPool<>).MakeGenericType(type).GetMethod(nameof(CallPool<>.Rent), Any)!);
        il.Emit(OpCodes.Dup);
        il.Emit(OpCodes.Brtrue_S, rented);
        il.Emit(OpCodes.Pop);
        il.Emit(OpCodes.Newobj, constructor);
        il.MarkLabel(rented);
    }
}
