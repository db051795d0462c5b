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
        DefineTravel(type, arguments);
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

    /// <summary>Writes and reads the arguments. A token does not travel; the one that comes out is cancelled when it is.</summary>
    private static void DefineTravel(TypeBuilder type, FieldInfo[] arguments)
    {
        var write = Override(type, typeof(Call).GetMethod(nameof(Call.WriteArguments))!);
        var read = Override(type, typeof(Call).GetMethod(nameof(Call.ReadArguments))!);
        foreach (var argument in arguments)
        {
            read.Emit(OpCodes.Ldarg_0);
            if (argument.FieldType == typeof(CancellationToken))
            {
                read.Emit(OpCodes.Ldarg_0);
                read.Emit(OpCodes.Call, typeof(Call).GetProperty(nameof(Call.Token))!.GetMethod!);
            }
            else
            {
                var codec = typeof(Codec<>).MakeGenericType(argument.FieldType);
                read.Emit(OpCodes.Ldarg_1);
                read.Emit(OpCodes.Call, codec.GetMethod(nameof(Codec<>.Read))!);
                write.Emit(OpCodes.Ldarg_1);
                write.Emit(OpCodes.Ldarg_0);
                write.Emit(OpCodes.Ldfld, argument);
                write.Emit(OpCodes.Call, codec.GetMethod(nameof(Codec<>.Write))!);
            }

            read.Emit(OpCodes.Stfld, argument);
        }

        write.Emit(OpCodes.Ret);
        read.Emit(OpCodes.Ret);
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
